import type { DatasetReader, JsonObject, JsonValue, Report, SqlKind, SqlType } from '@tracebloc/ingestor-contract';
import { type OwnColumn, writeOption } from '../checks/column-option.js';
import { DayMonth } from './day-month.js';
import type { ColumnCheck, FileStyle } from './column-check.js';
import { OffsetMix } from './offset-mix.js';
import { type DeclaredBeside, NumberStyle } from './number-style.js';
import { WordCount } from './word-count.js';

type CheckName = 'words' | 'numbers' | 'dates' | 'offsets';

/** The kinds of numbers. */
export const NUMERIC: readonly SqlKind[] = ['integer', 'float', 'decimal'];

const NO_WORDS: ReadonlySet<string> = new Set();

/** The checks of one column. */
export class ColumnWatch {
  readonly #checks = new Map<CheckName, ColumnCheck>();
  #open: ColumnCheck[];

  constructor(
    readonly column: string,
    checks: Readonly<Partial<Record<CheckName, ColumnCheck>>>,
  ) {
    for (const [name, check] of Object.entries(checks)) this.#checks.set(name as CheckName, check);
    this.#open = [...this.#checks.values()].filter((check) => !check.isDone);
  }

  get checks(): ReadonlyMap<CheckName, ColumnCheck> {
    return this.#checks;
  }

  /** Whether `add` must be called. */
  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  add(cell: string): void {
    let hasDone = false;
    for (const check of this.#open) {
      check.add(cell);
      hasDone ||= check.isDone;
    }
    if (hasDone) this.#open = this.#open.filter((check) => !check.isDone);
  }

  addMissing(cell: string): void {
    for (const check of this.#checks.values()) check.addMissing?.(cell);
  }
}

/** Judges the columns of a manifest as a whole: what single cells cannot show. */
export class ColumnChecks {
  readonly #watches = new Map<string, ColumnWatch>();
  /** Whether no column is declared with a decimal sign. */
  #isUndeclared = false;

  /** `own` returns a column with the formats of the others. It is absent where the checks of shards are merged. */
  constructor(private readonly own?: (column: string) => OwnColumn) {}

  /** Returns what the cells of a column are added to. `type` is `undefined` if none is declared. */
  watch(column: string, type: SqlType | undefined, dataset: DatasetReader, isLabel = false): ColumnWatch {
    const isText = type === undefined || type.kind === 'text';
    const { decimal, thousands, dateFormat, dayFirst, timeZone } = dataset.formatOf(column);
    const isNumeric = type !== undefined && NUMERIC.includes(type.kind);
    const hasStyle = (isText || isNumeric) && decimal === undefined && thousands === undefined;
    const isTime = type?.kind === 'date' || type?.kind === 'datetime';
    const isDate = isTime && dateFormat === undefined && dayFirst === undefined;
    const watch = new ColumnWatch(column, {
      words: new WordCount(dataset.assumedMissing, { isText, isLabel }),
      ...(isDate && { dates: new DayMonth() }),
      ...(type?.kind === 'datetime' && timeZone === undefined && { offsets: new OffsetMix() }),
      ...(hasStyle && { numbers: new NumberStyle(isNumeric, type?.kind === 'integer', this.#beside(column)) }),
    });
    this.#watches.set(column, watch);
    return watch;
  }

  #beside(column: string): DeclaredBeside | undefined {
    if (this.#isUndeclared) return undefined;
    const own = this.own?.(column);
    const declared = own?.others.filter(([, { decimal }]) => decimal !== undefined) ?? [];
    // The column itself is not declared, so that then none is.
    this.#isUndeclared = declared.length === 0;
    if (!own || this.#isUndeclared) return undefined;
    const thousands = `${writeOption('decimal', ',', own)} with ${writeOption('thousands', '.', own)}`;
    return {
      hasComma: declared.some(([, { decimal }]) => decimal === ','),
      fix: `Below \`spec.csv_options\`, set ${thousands} if the point separates thousands, or ${writeOption('decimal', '.', own)} if it does not.`,
    };
  }

  /**
   * Returns what the cells of a column that is not stored are added to, until they show how the file writes numbers. Returns
   * `undefined` if the configuration says it.
   */
  watchStyle(column: string, dataset: DatasetReader): ColumnWatch | undefined {
    const { decimal, thousands } = dataset.formatOf(column);
    if (decimal !== undefined || thousands !== undefined || this.#watches.has(column)) return undefined;
    const watch = new ColumnWatch(column, { numbers: new NumberStyle(false) });
    this.#watches.set(column, watch);
    return watch;
  }

  /** Returns what `merge` needs of the cells added. */
  partial(): JsonValue {
    return [...this.#watches].map(([column, { checks }]) => [
      column,
      Object.fromEntries([...checks].map(([name, check]) => [name, check.partial()])),
    ]);
  }

  /** Adds what `partial` returned in the next shard. */
  merge(partial: JsonValue): void {
    for (const [column, parts] of partial as [string, JsonObject][]) {
      const watch =
        this.#watches.get(column) ??
        new ColumnWatch(column, {
          words: new WordCount(NO_WORDS, { isText: true, isLabel: false }),
          dates: new DayMonth(),
          offsets: new OffsetMix(),
          numbers: new NumberStyle(false),
        });
      this.#watches.set(column, watch);
      for (const [name, part] of Object.entries(parts)) watch.checks.get(name as CheckName)?.merge(part);
    }
  }

  finish(report: Report, file: string): void {
    const style: FileStyle = { hasComma: false, hasPoint: false };
    for (const { checks } of this.#watches.values()) {
      const numbers = checks.get('numbers');
      if (!(numbers instanceof NumberStyle)) continue;
      style.hasComma ||= numbers.style.hasComma;
      style.hasPoint ||= numbers.style.hasPoint;
    }
    for (const [column, { checks }] of this.#watches) {
      for (const check of checks.values()) check.finish({ report, file, column }, style);
    }
  }
}
