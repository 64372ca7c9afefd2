import { stat } from 'node:fs/promises';
import { type CsvFormat, InterruptedError } from '@tracebloc/ingestor-core';
import type {
  DatasetReader,
  OpenManifest,
  Report,
  RowBatch,
  TableColumn,
  ValueFormat,
} from '@tracebloc/ingestor-contract';
import { MISSING_TOKENS } from '../checks/missing-words.js';
import { checkHeader, reportUnnamed } from './check-header.js';
import { UnreadableError, reportFinding } from '../findings/findings.js';
import { createPart } from './formats.js';
import { formatOfColumn } from './column-format.js';
import { ManifestHash, changeSince, describeChange, sourceChanged, type ManifestReading } from './reading.js';
import { LayoutPart } from './layout-part.js';
import { NamedReport } from './named-report.js';
import { alignHeaders, type Alignment } from './parts.js';
import type { TablePart } from './part.js';
import { rowInTable } from './part-rows.js';
import { Pause } from '../pause.js';
import { createReport } from '../findings/report.js';
import { WHOLE_FILE, ShardRange } from './shard-range.js';
import type { ParseObserver, ReaderOptions, ReaderShard } from './types.js';

export { ENCODING_OPTION } from './text-part.js';

/** Opens a manifest. Throws an `IngestorError` when the path is not a readable file. */
export function openReader(options: ReaderOptions): ManifestReader {
  return new ManifestReader(options);
}

/** Reads a manifest, and checks that it did not change meanwhile. */
export class ManifestReader implements DatasetReader {
  readonly file: string;
  readonly missing: ReadonlySet<string>;
  readonly assumedMissing: ReadonlySet<string>;
  readonly #missingOf: ReadonlyMap<string, ReadonlySet<string>>;
  skipped = 0;
  passed = 0;
  complete = true;
  readonly isWhole: boolean;
  mayEndInTotals = false;
  readonly #parts: readonly TablePart[];
  /** The files whose content is compared. */
  readonly #paths: readonly string[];
  readonly #shard: ReaderShard;
  /** How the columns of each part become those of the table. */
  #alignments: readonly Alignment[] = [];
  #range: ShardRange | undefined;
  /** The findings of the rows before the wanted ones, which other shards report. */
  #dropped: Report = createReport(0);
  readonly #csv: CsvFormat;
  #hash = new ManifestHash();
  /** The parts that the latest reading has read to their end. */
  #finished = 0;

  constructor(options: ReaderOptions) {
    const { path, file, csv, missing, layout, shard = WHOLE_FILE } = options;
    const { parts = [path] } = layout ? {} : options;
    this.file = file;
    this.isWhole = shard === WHOLE_FILE;
    const words = missing === 'tokens' && csv.keepDefaultNa !== false ? MISSING_TOKENS : [];
    this.missing = new Set([...words, ...csv.naValues]);
    this.assumedMissing = new Set(csv.keepDefaultNa === undefined ? words : []);
    this.#missingOf = new Map(
      Object.entries(csv.naColumns ?? {}).map(([name, texts]) => [name, new Set([...this.missing, ...texts])]),
    );
    this.#csv = csv;
    this.#shard = shard;
    this.#paths = layout?.places.files ?? parts;
    this.#parts = parts.map((part) => createPart(part, parts.length > 1 || parts[0] !== path ? part : file, options));
  }

  /** The dataset, if a data layout gives it. */
  get layout(): LayoutPart | undefined {
    const [part] = this.#parts;
    return part instanceof LayoutPart ? part : undefined;
  }

  get size(): number {
    return sum(this.#parts, ({ size }) => size);
  }

  get read(): number {
    return sum(this.#parts.slice(0, this.#finished + 1), ({ read }) => read);
  }

  /** What the latest reading has read so far, which may be only the header. */
  get reading(): ManifestReading {
    return this.#hash.reading;
  }

  /** Whether the file states the types of its columns, which is known once it is open. */
  get statesTypes(): boolean {
    return this.#parts[0]!.statesTypes;
  }

  /** The SQL types of the columns, by their names, as far as the file states them. They are known once it is open. */
  get types(): ReadonlyMap<string, string> {
    return this.#parts[0]!.types;
  }

  /** The columns that the rows lack because their values are no cells. They are known once it is open. */
  get unsupported(): readonly TableColumn[] {
    return this.#parts[0]!.unsupported;
  }

  /**
   * Throws `source-changed-while-read` unless the file still has the content that was read. The file is read again only if
   * its metadata changed since the reader was opened.
   */
  async confirm(signal: AbortSignal): Promise<void> {
    const untouched = await Promise.all(this.#parts.map((part) => part.isUntouched()));
    if (untouched.every(Boolean)) return;
    const paths = this.#paths;
    const size = await sizeOf(paths);
    const change = await changeSince(paths, [this.reading], signal);
    // A reading may have ended early. A change after that place cannot be seen, and does not matter.
    if (change === undefined || (change === 'longer' && size === this.size)) {
      if (size === this.size) return;
      throw sourceChanged(describeChange(this.file, size! > this.size ? 'longer' : 'shorter'));
    }
    throw sourceChanged(describeChange(this.file, change));
  }

  missingOf(column: string): ReadonlySet<string> {
    return this.#missingOf.get(column) ?? this.missing;
  }

  formatOf(column: string): ValueFormat {
    // A file that states the type of a column also states how its values are written.
    return this.types.has(column) ? { decimal: '.', timeZone: this.#csv.timeZone } : formatOfColumn(this.#csv, column);
  }

  isOwn(row: number): boolean {
    return this.#range?.isOwn(row) ?? false;
  }

  async open(report: Report, signal: AbortSignal): Promise<OpenManifest | undefined> {
    const headers: string[][] = [];
    for (const part of this.#parts) {
      const header = await this.#openPart(part, report, signal);
      if (!header) return undefined;
      headers.push(header);
    }
    const header = headers[0]!;
    this.#alignments = alignHeaders(this.#parts, headers, report);
    if (this.#alignments.length === 0) return undefined;
    if (this.isWhole) this.mayEndInTotals = await this.#parts.at(-1)!.mayEndInTotals();
    return { header, batches: this.#batches(report, signal) };
  }

  /** Reads the header of a part. Returns `undefined` if its rows cannot be read. */
  async #openPart(part: TablePart, report: Report, signal: AbortSignal): Promise<string[] | undefined> {
    const { file, namesCells } = part;
    let before = report.errors;
    const named = this.#withFile(part, report);
    const isFirst = part === this.#parts[0];
    const hash = new ManifestHash();
    if (isFirst) this.#hash = hash;
    const header = await part.open(named, hash, signal);
    if (!header) return undefined;
    // What a layout cannot use is left out of its rows, which are checked all the same.
    if (part instanceof LayoutPart) before = report.errors;
    const read = { header, namesCells, file };
    if (!checkHeader(read, report)) return undefined;
    part.doubt(header, new NamedReport(report, file, () => undefined));
    if (report.errors > before) return undefined;
    if (isFirst) reportUnnamed(read, report);
    if (this.#shard.index === 0) await part.doubtFile(new NamedReport(report, file, () => undefined));
    return header;
  }

  async *#batches(report: Report, signal: AbortSignal): AsyncGenerator<RowBatch, void> {
    this.skipped = 0;
    this.passed = 0;
    this.#finished = 0;
    this.#dropped = createReport(0);
    this.#hash = new ManifestHash();
    const range = (this.#range = new ShardRange(this.#shard, this.#extent()));
    let rowsRead = 0;
    const pause = new Pause();
    for (const [index, part] of this.#parts.entries()) {
      const base = sum(this.#parts.slice(0, index), ({ extent }) => extent);
      const cuts = range.cuts.map((cut) => cut - base).filter((cut) => cut > 0 && cut < part.extent);
      const { header, reorder } = this.#alignments[index]!;
      const observer = this.#observer(range, part, report);
      try {
        const reading = { header, observer, cuts, hash: this.#hash, signal };
        for await (const { rows, lines } of part.batches(reading)) {
          if (range.position === 'before') {
            this.passed += rows.length;
            continue;
          }
          rowsRead += rows.length;
          const batch = {
            rows: reorder ? rows.map(reorder) : rows,
            lines: index === 0 ? lines : lines.map((line) => rowInTable(index, line)),
          };
          range.noteFirstRow(batch.lines[0]!);
          yield batch;
          if (pause.isDue) await pause.take();
          if (signal.aborted) throw new InterruptedError();
        }
      } catch (error) {
        this.#reportUnreadable(error, part, report);
        return;
      }
      if (range.position === 'after') break;
      this.#finished = index + 1;
    }
    // If rows were refused, their findings say why; and a shard knows only its own rows.
    const isComplete = this.complete && this.#dropped.errors === 0;
    if (isComplete && rowsRead + this.passed <= 0 && range.position !== 'after') {
      const message = 'The file has a header, but no usable row.';
      reportFinding(report, 'no-rows', () => ({ message, file: this.file }));
    }
  }

  /** Returns the length of all parts together, and how far the latest reading is, in the unit that shards divide. */
  #extent(): { size: number; readonly read: number } {
    const size = sum(this.#parts, ({ extent }) => extent);
    const read = (): number => {
      const before = this.#parts.slice(0, this.#finished);
      return sum(before, ({ extent }) => extent) + (this.#parts[this.#finished]?.position ?? 0);
    };
    return {
      size,
      get read() {
        return read();
      },
    };
  }

  /** Returns an observer that drops the findings of rows before the wanted ones: the shards that own the rows report them. */
  #observer(range: ShardRange, part: TablePart, report: Report): ParseObserver {
    const dropped = this.#dropped;
    const named = this.#withFile(part, report);
    return {
      get report() {
        return range.position === 'before' ? dropped : named;
      },
      get position() {
        return range.position;
      },
      skip: () => {
        if (range.endsInOwn) this.skipped++;
      },
      pass: (rows) => (this.passed += rows),
    };
  }

  #reportUnreadable(error: unknown, { file }: TablePart, report: Report): void {
    if (!(error instanceof UnreadableError)) throw error;
    this.complete = false;
    report.add({ ...error.finding, file });
  }

  /** Returns a report that adds the file's name. An error means that rows are left out, so `complete` ends. */
  #withFile({ file }: TablePart, report: Report): Report {
    return new NamedReport(report, file, () => (this.complete = false));
  }
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += valueOf(item);
  return total;
}

/** Returns the size of all files together, or `undefined` if one of them is gone. */
async function sizeOf(paths: readonly string[]): Promise<number | undefined> {
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  );
  return sizes.includes(undefined) ? undefined : sum(sizes, (size) => size!);
}
