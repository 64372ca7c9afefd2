import type { DatasetRecord, Finding, RecordFile, Report, TaskType } from '@tracebloc/ingestor-contract';
import { rowInFile } from '@tracebloc/ingestor-dataset';
import { contentOf } from '../read/data-id.js';
import { FingerprintIndex } from '@tracebloc/ingestor-dataset';
import type { TrainTestConfigs } from './compare-configs.js';
import { TRAIN_TEST_FINDINGS, type TrainTestFindingCode } from './findings.js';
import { FileIndex } from './file-index.js';
import { GroupIndex } from './group-index.js';
import { LabelSets } from './label-sets.js';
import type { RecordSink } from '../read/read-dataset.js';

/**
 * Finds rows, groups of rows and files that a test dataset shares with its train dataset, and labels that only the test dataset has. The
 * train dataset's records must be added first. It holds some 30 bytes a row of train, or some 200 bytes a file, and some 30 bytes a group.
 */
export class TrainTestCheck {
  readonly #rows = new FingerprintIndex();
  readonly #files = new FileIndex();
  readonly #labels: LabelSets | undefined;
  readonly #groups: GroupIndex | undefined;
  /** The positions of train's columns in a row of test. */
  readonly #order: readonly number[];

  constructor(
    private readonly configs: TrainTestConfigs,
    private readonly report: Report,
    private readonly leakage: 'error' | 'warning',
  ) {
    const { train, test } = configs;
    this.#labels = hasClasses(train.task) ? new LabelSets() : undefined;
    this.#groups = GroupIndex.of(configs);
    this.#order = train.columns.map(({ name }) => test.columns.findIndex((column) => column.name === name));
  }

  /** Receives the train dataset. */
  readonly train: RecordSink = {
    wantsFiles: false,
    add: (record) => {
      for (const label of record.classes ?? [record.label]) this.#labels?.addTrain(label);
      this.#groups?.addTrain(record);
      const file = ownFile(record);
      if (file) return this.#files.add(file, record.row);
      this.#rows.add(contentOf(record), record.row);
      return undefined;
    },
    flush: async () => undefined,
  };

  /** Receives the test dataset, after the whole train dataset. */
  readonly test: RecordSink = {
    wantsFiles: false,
    add: (record) => {
      for (const label of new Set(record.classes ?? [record.label])) this.#labels?.addTest(label, record.row);
      this.#checkGroup(record);
      const file = ownFile(record);
      if (file) return this.#checkFile(file, record);
      const values = this.#order.map((index) => record.values[index]!);
      const row = this.#rows.find(contentOf({ ...record, values }));
      if (row !== undefined) {
        const train = rowInFile(this.configs.train.source, row);
        this.#add('leaked-row', {
          message: `The row is the same as row ${train.row} of ${train.file}.`,
          ...rowInFile(this.configs.test.source, record.row),
          expected: 'rows that are not in the train dataset',
        });
      }
      return undefined;
    },
    flush: async () => undefined,
  };

  /** Reports labels that the train dataset does not have. It must be called after the last record. */
  finish(): void {
    for (const { label, row, rows } of this.#labels?.unseen() ?? []) {
      const message = `${rows === 1 ? 'One row has' : `${rows} rows have`} a label that no row of the train dataset has.`;
      const column = this.configs.test.label?.column;
      const place = rowInFile(this.configs.test.source, row);
      this.#add('unseen-label', { message, ...place, column, value: label, expected: 'a label of the train dataset' });
    }
  }

  #checkGroup(record: DatasetRecord): void {
    const leaked = this.#groups?.findLeaked(record);
    if (!leaked) return;
    const { row, name, column, value } = leaked;
    const train = rowInFile(this.configs.train.source, row);
    this.#add('leaked-group', {
      message: `The ${name} of the row is also in the train dataset, in row ${train.row} of ${train.file}.`,
      ...rowInFile(this.configs.test.source, record.row),
      column,
      value,
      expected: `a ${name} that is not in the train dataset`,
    });
  }

  async #checkFile(file: RecordFile, { row }: DatasetRecord): Promise<void> {
    const equal = await this.#files.find(file);
    if (!equal) return;
    const train = rowInFile(this.configs.train.source, equal.row);
    const own = rowInFile(this.configs.test.source, row);
    this.#add('leaked-file', {
      message: `The file of row ${own.row} has the same bytes as the file of row ${train.row} of ${train.file}, ${equal.file.source}.`,
      file: file.source,
      expected: 'files that are not in the train dataset',
    });
  }

  #add(code: TrainTestFindingCode, details: Omit<Finding, 'code' | 'severity' | 'fix'>): void {
    const { severity, fix } = TRAIN_TEST_FINDINGS.find((one) => one.code === code)!;
    const chosen = code === 'unseen-label' ? severity : this.leakage;
    if (this.report.isFull(code)) this.report.count(code, chosen);
    else this.report.add({ severity: chosen, code, fix, file: this.configs.test.source.path, ...details });
  }
}

/**
 * Returns the file that the record is about. Two records with the same such file are the same record. Their names do not
 * matter, since one name may belong to different files in two folders. Other files of a record, such as annotations or a
 * tokenizer, may be alike.
 */
function ownFile({ filename, extension, files }: DatasetRecord): RecordFile | undefined {
  return files.find(({ target }) => target === `${filename}${extension}`);
}

/** Returns whether a task's labels are classes, which can be counted and compared. */
export function hasClasses({ label }: TaskType): boolean {
  return label.use !== 'forbidden' && (label.classes ?? !label.statePolicy);
}
