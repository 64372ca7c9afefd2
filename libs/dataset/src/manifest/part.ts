import type { ParseObserver, Report, RowBatch, TableColumn } from '@tracebloc/ingestor-contract';
import type { ManifestHash } from './reading.js';

/** How the rows of a part are read. */
export interface PartReading {
  /** The header that `open` returned. */
  header: readonly string[];
  observer: ParseObserver;
  /** The offsets within the part at which the shares of shards begin, in the unit of `extent`. */
  cuts: readonly number[];
  /** Is given the bytes of the part. */
  hash: ManifestHash;
  signal: AbortSignal;
}

/** A file of a table. */
export interface TablePart {
  readonly path: string;
  /** The name of the file in findings. */
  readonly file: string;
  /** Bytes, and how many of them the latest reading has read. */
  readonly size: number;
  readonly read: number;
  /** The length that shards divide, and how far the latest reading is: bytes of a text, or rows. */
  readonly extent: number;
  readonly position: number;
  /** Whether the columns of each row are found by their names, so that a part may lack some. */
  readonly namesCells: boolean;
  /** Whether the metadata proves that the file has not changed since this object was created. */
  isUntouched(): Promise<boolean>;
  /**
   * Reads the header, and reports what is wrong with the beginning of the file. Returns `undefined` if no row can be read.
   * The names are trimmed. The hash is given what is read.
   */
  open(report: Report, hash: ManifestHash, signal: AbortSignal): Promise<string[] | undefined>;
  /** Reports what is doubtful about the header, or, after it, about the file. */
  doubt(header: readonly string[], report: Report): void;
  doubtFile(report: Report): Promise<void>;
  /** Whether the end of the file may be a total, or does not tell; see `DatasetReader.mayEndInTotals`. */
  mayEndInTotals(): Promise<boolean>;
  /** Makes the rows have these columns too, if the format can do so. */
  addColumns(names: readonly string[]): void;
  /** Whether the file states the types of its columns. */
  readonly statesTypes: boolean;
  /** The SQL types of the columns, by their names, as far as the file states them. */
  readonly types: ReadonlyMap<string, string>;
  /** The columns that the rows lack because their values are no cells. They are known once the part is open. */
  readonly unsupported: readonly TableColumn[];
  /**
   * Yields the rows, without the header, each with a cell for each name of the header. Throws `UnreadableError` where the rest
   * cannot be read.
   */
  batches(reading: PartReading): AsyncIterable<RowBatch>;
}
