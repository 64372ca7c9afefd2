import {
  type DataLayout,
  type FindingPlace,
  type FormFolder,
  isTableError,
  type LayoutPlaces,
  type LayoutRequest,
  type LayoutTable,
  type Report,
  type RowBatch,
  type SourceFolder,
} from '@tracebloc/ingestor-contract';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { makeFinding } from '../findings/findings.js';
import { createReport } from '../findings/report.js';
import { hashFile, readShare } from './file-part.js';
import type { PartReading, TablePart } from './part.js';
import type { ManifestHash } from './reading.js';
import { TextSource } from './text-source.js';

/** Bytes that are hashed at a time. */
const CHUNK = 1 << 20;

/** A dataset in a data layout, and where it is. */
export interface LayoutSource {
  layout: DataLayout;
  request: LayoutRequest;
  places: LayoutPlaces;
}

/** The rows that a data layout gives. */
export class LayoutPart implements TablePart {
  readonly path: string;
  readonly file: string;
  readonly namesCells = false;
  readonly statesTypes = true;
  readonly types = new Map<string, string>();
  readonly unsupported = [];
  position = 0;
  readonly #sources: readonly TextSource[];
  readonly #source: LayoutSource;
  #table: LayoutTable | undefined;
  #done = 0;

  /** @param isFirst Whether this process reads the first shard, which reports what is wrong with the dataset as a whole. */
  constructor(
    path: string,
    file: string,
    source: LayoutSource,
    private readonly isFirst: boolean,
  ) {
    this.path = path;
    this.file = file;
    this.#source = source;
    this.#sources = source.places.files.map((one) => new TextSource(one, CHUNK));
  }

  /** The bytes of the files, or the number of rows of a layout without files. */
  get size(): number {
    return this.#sources.length > 0 ? this.#sources.reduce((sum, { size }) => sum + size, 0) : this.extent;
  }

  get extent(): number {
    return this.#table?.rows ?? 0;
  }

  get read(): number {
    return this.extent === 0 ? 0 : Math.round((this.size * this.#done) / this.extent);
  }

  /** Returns a folder of the form, which is known once the part is open. */
  folderOf(folder: FormFolder): SourceFolder | undefined {
    return this.#table?.folders[folder];
  }

  /** Returns where the user finds a place that a finding names. */
  locate(file: string | undefined, row: number | undefined): FindingPlace | undefined {
    return this.#table?.locate?.(file, row);
  }

  async isUntouched(): Promise<boolean> {
    return (await Promise.all(this.#sources.map((source) => source.isUntouched()))).every(Boolean);
  }

  async open(report: Report, _hash: ManifestHash, signal: AbortSignal): Promise<string[] | undefined> {
    const { layout, request } = this.#source;
    try {
      await this.#table?.close?.();
      // Findings of the layout name places on disk.
      this.#table = undefined;
      this.#table = await layout.open(request, { report: this.isFirst ? report : createReport(0), signal });
    } catch (error) {
      if (signal.aborted) throw new InterruptedError();
      if (!isTableError(error)) throw error;
      report.add(makeFinding('unreadable-table', { message: error.message, fix: error.fix }));
      return undefined;
    }
    return this.#table.columns.map(({ name }) => name);
  }

  doubt(): void {
    // The layout states its columns.
  }

  async doubtFile(): Promise<void> {
    // The layout states how its values are written.
  }

  async mayEndInTotals(): Promise<boolean> {
    return false;
  }

  addColumns(): void {
    // The rows have the columns of the form.
  }

  async *batches({ observer, cuts, hash, signal }: PartReading): AsyncGenerator<RowBatch, void> {
    this.position = 0;
    this.#done = 0;
    const table = this.#table!;
    for (const source of this.#sources) {
      const handle = await source.open();
      await hashFile(handle, hash, signal).finally(() => handle.close());
    }
    const columns = table.columns.map((_column, index) => index);
    const ends = [...cuts, table.rows];
    for (let start = 0, share = 0; share < ends.length; start = ends[share++]!) {
      const end = ends[share]!;
      this.position = end;
      if (observer.position === 'after') return;
      if (observer.position === 'before') observer.pass(end - start);
      else {
        this.#done = start;
        for await (const batch of readShare(table, { start, end, columns }, signal)) {
          this.#done += batch.rows.length;
          yield batch;
        }
      }
      this.#done = end;
    }
  }

  /** Closes the files of the layout, after the last file was read. */
  async close(): Promise<void> {
    await this.#table?.close?.();
  }
}
