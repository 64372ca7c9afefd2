import type { FindingCode } from '@tracebloc/ingestor-contract';

/** The codes that comparing a train and a test dataset reports. */
export const TRAIN_TEST_FINDINGS = [
  {
    code: 'leaked-row',
    severity: 'error',
    meaning:
      'A row of the test dataset is also in the train dataset, label included; a warning with `--allow-leakage`.',
    fix: 'Remove the row from one of the two, split with `--group-by` so that equal rows stay together, or accept it with --allow-leakage.',
  },
  {
    code: 'leaked-file',
    severity: 'error',
    meaning:
      'A file of the test dataset has the same bytes as a file of the train dataset, whatever their names; a warning with `--allow-leakage`.',
    fix: 'Remove the file and its rows from one of the two, split with `--group-by` so that equal files stay together, or accept it with --allow-leakage.',
  },
  {
    code: 'leaked-group',
    severity: 'error',
    meaning:
      'Rows that belong together, such as those of a sequence, are partly in the train and partly in the test dataset; a warning with `--allow-leakage`.',
    fix: 'Move all of its rows into one of the two, or split again with `ingestor split`, which keeps them together. If they are different ones with the same id, give each its own. Otherwise accept it with --allow-leakage.',
  },
  {
    code: 'unseen-label',
    severity: 'warning',
    meaning: 'The test dataset of a classification has a label that the train dataset does not have.',
    fix: 'Correct the label, or add rows of its class to the train dataset.',
  },
] as const satisfies readonly FindingCode[];

export type TrainTestFindingCode = (typeof TRAIN_TEST_FINDINGS)[number]['code'];
