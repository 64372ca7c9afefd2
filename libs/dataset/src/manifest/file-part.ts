import type { FileHandle } from 'node:fs/promises';
import {
  type FileTable,
  type FileTableFormat,
  isTableError,
  type JsonObject,
  type Report,
  type RowBatch,
  type TableColumn,
  type TableFile,
} from '@tracebloc/ingestor-contract';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { UnreadableError, makeFinding, reportFinding } from '../findings/findings.js';
import type { PartReading, TablePart } from './part.js';
import { describeChange, type ManifestHash, sourceChanged } from './reading.js';
import { rowsMayBeTotals } from './table-end.js';
import { TextSource } from './text-source.js';

/** Bytes that are hashed at a time. */
const CHUNK = 1 << 20;

/** The rows at the end of a file that are examined. */
const END_ROWS = 10;

interface FilePartOptions {
  path: string;
  file: string;
  format: FileTableFormat;
  options: JsonObject;
  /** The names of the columns that the configuration has, or `all`. */
  columns: readonly string[] | 'all';
}

/** A file whose format is read from several places, such as Parquet. */
export class FilePart implements TablePart {
  readonly path: string;
  readonly file: string;
  readonly namesCells = false;
  statesTypes = false;
  readonly types = new Map<string, string>();
  unsupported: readonly TableColumn[] = [];
  readonly #source: TextSource;
  readonly #options: FilePartOptions;
  #extent = 0;
  #columns: number[] = [];
  /** The number of rows up to the end of the share of a shard that is read, and of those that were read. */
  #position = 0;
  #done = 0;

  constructor(options: FilePartOptions) {
    this.path = options.path;
    this.file = options.file;
    this.#options = options;
    this.#source = new TextSource(options.path, CHUNK);
  }

  get size(): number {
    return this.#source.size;
  }

  get read(): number {
    return this.#extent === 0 ? 0 : Math.round((this.size * this.#done) / this.#extent);
  }

  get extent(): number {
    return this.#extent;
  }

  get position(): number {
    return this.#position;
  }

  isUntouched(): Promise<boolean> {
    return this.#source.isUntouched();
  }

  async open(report: Report, _hash: ManifestHash, _signal: AbortSignal): Promise<string[] | undefined> {
    const handle = await this.#source.open();
    try {
      const { columns, rows, statesTypes = false } = await this.#openTable(handle);
      this.statesTypes = statesTypes;
      this.#extent = rows;
      const errors = report.errors;
      const supported = columns.flatMap((column, index) => (this.#isSupported(column, report) ? [index] : []));
      if (report.errors > errors) return undefined;
      this.#columns = supported;
      this.unsupported = columns.filter(({ unsupported }) => unsupported);
      const header = supported.map((index) => columns[index]!.name.trim());
      for (const [at, index] of supported.entries()) {
        const { sql } = columns[index]!;
        if (sql !== undefined) this.types.set(header[at]!, sql);
      }
      return header;
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      report.add(error.finding);
      return undefined;
    } finally {
      await handle.close();
    }
  }

  #isSupported({ name, unsupported }: TableColumn, report: Report): boolean {
    if (!unsupported) return true;
    const { columns } = this.#options;
    const isNamed = columns !== 'all' && columns.some((one) => one.trim().toLowerCase() === name.trim().toLowerCase());
    const { holds, fix } = unsupported;
    const message = `The column holds ${holds}, which cannot be stored.`;
    if (isNamed) reportFinding(report, 'unsupported-column', () => ({ severity: 'error', message, column: name, fix }));
    else
      reportFinding(report, 'unsupported-column', () => ({ message: `${message} It is left out.`, column: name, fix }));
    return false;
  }

  doubt(): void {
    // The file states its columns.
  }

  async doubtFile(): Promise<void> {
    // The file states how its values are written.
  }

  async mayEndInTotals(): Promise<boolean> {
    const handle = await this.#source.open();
    try {
      const table = await this.#openTable(handle);
      const rows: string[][] = [];
      for await (const batch of table.read(Math.max(0, table.rows - END_ROWS), table.rows, this.#columns))
        rows.push(...batch.rows);
      return rowsMayBeTotals(rows);
    } catch {
      // What is wrong with the file is reported when its rows are read.
      return true;
    } finally {
      await handle.close();
    }
  }

  addColumns(): void {
    // The rows have the columns that the file states.
  }

  async *batches({ header, observer, cuts, hash, signal }: PartReading): AsyncGenerator<RowBatch, void> {
    this.#position = 0;
    this.#done = 0;
    const handle = await this.#source.open();
    try {
      await hashFile(handle, hash, signal);
      const table = await this.#openTable(handle);
      // A file that was replaced after its header was read may have other columns.
      if (this.#columns.some((index, at) => table.columns[index]?.name.trim() !== header[at]))
        throw sourceChanged(describeChange(this.path, 'other'));
      const ends = [...cuts, table.rows];
      for (let start = 0, share = 0; share < ends.length; start = ends[share++]!) {
        const end = ends[share]!;
        this.#position = end;
        if (observer.position === 'after') return;
        if (observer.position === 'before') observer.pass(end - start);
        else {
          this.#done = start;
          for await (const batch of readShare(table, { start, end, columns: this.#columns }, signal)) {
            this.#done += batch.rows.length;
            yield batch;
          }
        }
        this.#done = end;
      }
    } finally {
      await handle.close();
    }
  }

  async #openTable(handle: FileHandle): Promise<FileTable> {
    const { format, options, path } = this.#options;
    const { size } = await handle.stat();
    return format.open(tableFile(path, size, handle), options).catch(refuse);
  }
}

/** Yields the rows from the index `start` up to, but not including, `end`. Throws `UnreadableError` instead of `TableError`. */
export async function* readShare(
  table: FileTable,
  { start, end, columns }: { start: number; end: number; columns: readonly number[] },
  signal: AbortSignal,
): AsyncGenerator<RowBatch, void> {
  const batches = table.read(start, end, columns)[Symbol.asyncIterator]();
  try {
    for (;;) {
      if (signal.aborted) throw new InterruptedError();
      const next = await batches.next().catch(refuse);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await batches.return?.();
  }
}

/** Returns an open file as a format reads it. */
export function tableFile(path: string, size: number, handle: FileHandle): TableFile {
  return {
    path,
    size,
    async read(offset, length, into = Buffer.allocUnsafe(length)) {
      const { buffer, bytesRead } = await handle.read(into, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}

/** Turns what a format throws for a file that it cannot read into what a reader throws. */
function refuse(error: unknown): never {
  if (!isTableError(error)) throw error;
  throw new UnreadableError(makeFinding('unreadable-table', { message: error.message, fix: error.fix }));
}

/** Gives the bytes of a file to a hash. */
export async function hashFile(handle: FileHandle, hash: ManifestHash, signal: AbortSignal): Promise<void> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let position = 0; ;) {
    if (signal.aborted) throw new InterruptedError();
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, position);
    if (bytesRead === 0) return;
    hash.add(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}
