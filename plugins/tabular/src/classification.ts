import type { TaskType } from '@tracebloc/ingestor-contract';
import { COLUMN_FINDINGS, ClassCheck, LABEL_FINDINGS, TYPE_FINDINGS, readRecords } from '@tracebloc/ingestor-dataset';
import { detectClassification } from './detect.js';
import { tabular, type TabularOptions } from './task.js';

export const tabularClassification: TaskType<TabularOptions> = {
  ...tabular,
  id: 'tabular_classification',
  title: 'Tabular classification',
  summary: 'Predicts the class of a row from its columns.',
  label: { use: 'required', statePolicy: false },
  allowFeatureModification: true,
  findings: [...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS],
  detect: detectClassification,
  records: (context) => {
    const classes = new ClassCheck();
    return readRecords(context, {
      take: (label) => classes.add(label),
      finish: (place) => classes.finish(place),
    });
  },
};
