import { readdir, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FindingPlace, FormFolder, LayoutTable, RowBatch, SourceFolder } from '@tracebloc/ingestor-contract';
import { ImageFile } from './images.js';
import { batchesOf, stemOf } from './rows.js';

/**
 * Returns the files of a folder by their names without extensions and in composed form (NFC), in the order of the names.
 * Hidden files are left out.
 */
export async function listFolder(folder: string, isWanted: (name: string) => boolean): Promise<Map<string, ImageFile>> {
  const [root, entries] = await Promise.all([realpath(folder), readdir(folder, { withFileTypes: true })]);
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const wanted = names.filter((name) => !name.startsWith('.') && isWanted(name)).sort();
  return new Map(wanted.map((name) => [stemOf(name).normalize(), new ImageFile(name, root, name)]));
}

/** A folder of files on disk, under the name that findings show. */
export function diskFolder(path: string, files: Iterable<ImageFile>): SourceFolder {
  return { name: basename(path), files };
}

/** What a `DiskTable` has. */
export interface DiskRows {
  /** The cells of each row: the name of a file, and others. */
  rows: readonly (readonly string[])[];
  columns: readonly string[];
  folders: Readonly<Partial<Record<FormFolder, SourceFolder>>>;
  /** Returns where the user finds a row, by its index. */
  placeOf: (row: number) => FindingPlace;
}

/** Rows that are in memory, with files that are on disk. */
export class DiskTable implements LayoutTable {
  readonly columns: LayoutTable['columns'];
  readonly statesTypes = true;
  readonly rows: number;
  readonly folders: DiskRows['folders'];

  constructor(private readonly given: DiskRows) {
    this.columns = given.columns.map((name) => ({ name, sql: 'VARCHAR(255)' }));
    this.rows = given.rows.length;
    this.folders = given.folders;
  }

  read(from: number, to: number, columns: readonly number[]): AsyncIterable<RowBatch> {
    return batchesOf(from, to, (index) => columns.map((column) => this.given.rows[index]![column]!));
  }

  locate(file: string | undefined, row: number | undefined): FindingPlace | undefined {
    return file === undefined && row !== undefined ? this.given.placeOf(row - 1) : undefined;
  }
}
