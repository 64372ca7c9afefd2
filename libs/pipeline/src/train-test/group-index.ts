import type { DatasetRecord } from '@tracebloc/ingestor-contract';
import { FingerprintIndex } from '@tracebloc/ingestor-dataset';
import type { TrainTestConfigs } from './compare-configs.js';

/** A group of the test dataset that the train dataset has too. */
export interface LeakedGroup {
  /** The first row of the group in the train dataset. */
  row: number;
  /** What a group is called. */
  name: string;
  /** The column that is the same in all rows of a group, and its value. */
  column: string;
  value: string;
}

/** The groups of rows of a train dataset, and those of test that were found. */
export class GroupIndex {
  readonly #train = new FingerprintIndex();
  readonly #reported = new FingerprintIndex();

  private constructor(
    private readonly name: string,
    private readonly column: string,
    /** The index of the column in the values of train and of test. */
    private readonly at: { train: number; test: number },
  ) {}

  /** Returns `undefined` if rows do not belong together, or the column that says so is not stored. */
  static of({ train, test }: TrainTestConfigs): GroupIndex | undefined {
    const { groups } = train.task;
    const column = groups?.column(train.schema, train.options);
    if (!groups || !column) return undefined;
    const [at, testAt] = [train, test].map(({ columns }) =>
      columns.findIndex(({ name, source = name }) => source.toLowerCase() === column.name.toLowerCase()),
    );
    if (at === -1 || testAt === -1) return undefined;
    return new GroupIndex(groups.name, column.name, { train: at!, test: testAt! });
  }

  addTrain({ values, row }: DatasetRecord): void {
    const value = values[this.at.train] ?? null;
    if (value !== null) this.#train.add(value, row);
  }

  /** Returns the group of the record if train has it too. It returns each group once. */
  findLeaked({ values, row: testRow }: DatasetRecord): LeakedGroup | undefined {
    const value = values[this.at.test] ?? null;
    if (value === null) return undefined;
    const row = this.#train.find(value);
    if (row === undefined || this.#reported.add(value, testRow) !== undefined) return undefined;
    return { row, name: this.name, column: this.column, value };
  }
}
