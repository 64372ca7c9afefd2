import { parseSqlType, type Column, type DatasetRecord } from '@tracebloc/ingestor-contract';
import { RECORD_COLUMNS } from '../tables/layout.js';
import { cellHash, rowSeed, type CellHash, type StoredCell } from './cell-hash.js';

/** The number of a column's cells that are not NULL, and the sum of their hashes modulo 2^52. */
export type ColumnChecksum = readonly [values: number, sum: number];

/** The checksums of what was loaded, as the ledger keeps them. Those of parts can be summed in any order. */
export interface Checksums {
  records: number;
  /** The checksums by the column's name. */
  columns: Readonly<Record<string, ColumnChecksum>>;
  /** The checksum of the list of the files' hashes; absent without files. */
  files?: ColumnChecksum;
  /**
   * The number of bytes of the manifest that each process read, with their sha256. It is absent if an earlier version staged
   * the records.
   */
  source?: readonly (readonly [bytes: number, sha256: string])[];
}

/** A row's id, followed by its cells in the order of `checksumColumns`. */
export type StoredRow = readonly [id: number, ...cells: StoredCell[]];

/** In the order of `ColumnChecksums.add`. */
const OWN_COLUMNS: readonly Column[] = RECORD_COLUMNS.map((name) => ({ name, type: parseSqlType('TEXT') }));

/** Returns the columns that checksums cover, in order: those whose cells come from the source. */
export function checksumColumns(columns: readonly Column[]): Column[] {
  return [...OWN_COLUMNS, ...columns];
}

/** Sums are taken modulo this, so that adding 32 bits is exact in a double. */
export const MODULUS = 2 ** 52;

/**
 * Computes one checksum per column, from rows in any order. Each cell's hash depends on its row's id, so that a changed,
 * repeated or moved cell is missed with a probability of about 2^-32. It detects faults, not malice: cells with the same sum
 * can be made on purpose.
 */
export class ColumnChecksums {
  #records = 0;
  readonly #names: readonly string[];
  readonly #hashes: readonly CellHash[];
  readonly #values: Float64Array;
  readonly #sums: Float64Array;

  /** `columns` are the dataset's own. */
  constructor(columns: readonly Column[]) {
    const all = checksumColumns(columns);
    this.#names = all.map(({ name }) => name);
    this.#hashes = all.map(({ type }) => cellHash(type));
    this.#values = new Float64Array(all.length);
    this.#sums = new Float64Array(all.length);
  }

  /** Adds a record that is sent. `id` is the id of its row. */
  add(id: number, { label, filename, extension, annotation, values }: DatasetRecord, dataId: string): void {
    const seed = rowSeed(id);
    this.#records++;
    this.#add(0, label, seed);
    this.#add(1, dataId, seed);
    this.#add(2, filename, seed);
    this.#add(3, extension, seed);
    this.#add(4, annotation, seed);
    for (let index = 0; index < values.length; index++) this.#add(OWN_COLUMNS.length + index, values[index]!, seed);
  }

  /** Adds a row that the database returned. */
  addRow(row: StoredRow): void {
    const seed = rowSeed(row[0]);
    this.#records++;
    for (let index = 1; index < row.length; index++) this.#add(index - 1, row[index]!, seed);
  }

  get result(): Checksums {
    const columns = this.#names.map((name, index) => [name, [this.#values[index]!, this.#sums[index]!]] as const);
    return { records: this.#records, columns: Object.fromEntries(columns) };
  }

  #add(index: number, cell: StoredCell, seed: number): void {
    if (cell === null) return;
    this.#values[index]!++;
    const sum = this.#sums[index]! + (this.#hashes[index]!(cell, seed) >>> 0);
    this.#sums[index] = sum < MODULUS ? sum : sum - MODULUS;
  }
}

/** Returns the checksums of the whole from those of its parts, which have the same columns. */
export function sumChecksums(parts: readonly Checksums[]): Checksums {
  const names = Object.keys(parts[0]?.columns ?? {});
  const columns = names.map((name) => [name, sum(parts.map((part) => part.columns[name]!))] as const);
  const files = parts.map((part) => part.files).filter((checksum) => checksum !== undefined);
  return {
    records: parts.reduce((total, { records }) => total + records, 0),
    columns: Object.fromEntries(columns),
    ...(files.length > 0 && { files: sum(files) }),
    ...(parts.every(({ source }) => source) && { source: distinct(parts.flatMap(({ source }) => source!)) }),
  };
}

/** Removes repeated entries: all shards that read to the end have the same. */
function distinct(readings: NonNullable<Checksums['source']>): NonNullable<Checksums['source']> {
  return [...new Map(readings.map((reading) => [String(reading), reading])).values()];
}

function sum(checksums: readonly ColumnChecksum[]): ColumnChecksum {
  return checksums.reduce(([values, total], [more, other]) => [values + more, (total + other) % MODULUS], [0, 0]);
}

/** Returns the names of the columns whose checksums differ from the expected ones. */
export function differingColumns(expected: Checksums, found: Checksums): string[] {
  const names = new Set([...Object.keys(expected.columns), ...Object.keys(found.columns)]);
  return [...names].filter((name) => {
    const [one, other] = [expected.columns[name], found.columns[name]];
    return one?.[0] !== other?.[0] || one?.[1] !== other?.[1];
  });
}
