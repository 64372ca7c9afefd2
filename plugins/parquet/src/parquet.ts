import { type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet';
import {
  type FileTable,
  type FileTableFormat,
  type RowBatch,
  TableError,
  type TableFile,
} from '@tracebloc/ingestor-contract';
import { type Column, describeColumn } from './column.js';
import type { HybridReader } from './hybrid.js';
import { MAX_TEXTS } from './number-texts.js';
import { type Page, PageMemory, PageReader } from './pages.js';

/** The most rows and cells in a batch. With more, the batches live so long that the garbage collector copies them. */
const MAX_ROWS = 128;
const MAX_CELLS = 1 << 16;

/** Parquet files, which are read page by page. */
export const parquet: FileTableFormat = {
  kind: 'file',
  name: 'parquet',
  title: 'Parquet',
  summary: 'The manifest as a Parquet file, or a pattern that names several. Its columns have no lists, maps or bytes.',
  extensions: ['.parquet', '.pq', '.parq'],
  options: { type: 'object', properties: {} },
  open,
};

async function open(file: TableFile): Promise<FileTable> {
  const metadata = await readMetadata(file);
  const schema = parquetSchema(metadata);
  const columns = schema.children.map(describeColumn);
  const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows !== Number(metadata.num_rows)) throw damaged('the numbers of its rows contradict each other');
  return {
    columns,
    rows,
    statesTypes: true,
    read: (from, to, indices) =>
      readRows({ file, metadata, schema, columns: indices.map((index) => columns[index]!) }, from, to),
  };
}

async function readMetadata(file: TableFile): Promise<FileMetaData> {
  const tail = Buffer.from(await file.read(Math.max(0, file.size - 4), 4)).toString('latin1');
  if (tail === 'PARE') throw new TableError('The Parquet file is encrypted.', 'Write it without encryption.');
  if (tail !== 'PAR1') {
    const fix = 'Copy or download the file again. If it has another format, name it in the field of that format.';
    throw new TableError('The file does not end as a Parquet file does, so it is another file or a part of one.', fix);
  }
  const slice = async (start: number, end = file.size) => {
    const bytes = await file.read(start, end - start);
    return new Uint8Array(bytes).buffer;
  };
  return parquetMetadataAsync({ byteLength: file.size, slice }, { geoparquet: false }).catch((cause: unknown) => {
    throw damaged('its description of the columns cannot be read', cause);
  });
}

interface Source {
  file: TableFile;
  metadata: FileMetaData;
  schema: SchemaTree;
  columns: readonly Column[];
}

async function* readRows(source: Source, from: number, to: number): AsyncGenerator<RowBatch, void> {
  const memory = new PageMemory();
  let start = 0;
  for (const [group, { num_rows: count }] of source.metadata.row_groups.entries()) {
    const end = start + Number(count);
    const [first, last] = [Math.max(from, start), Math.min(to, end)];
    if (first < last) yield* readGroup(source, group, { start, first, last, memory });
    start = end;
  }
}

async function* readGroup(
  { file, metadata, schema, columns }: Source,
  group: number,
  { start, first, last, memory }: { start: number; first: number; last: number; memory: PageMemory },
): AsyncGenerator<RowBatch, void> {
  const chunks = metadata.row_groups[group]!.columns;
  const cursors = columns.map((column, index) => {
    const chunk = chunks.find(({ meta_data: meta }) => {
      return meta?.path_in_schema.length === 1 && meta.path_in_schema[0] === column.node.element.name;
    });
    if (!chunk?.meta_data || chunk.file_path) throw damaged('a column of it is missing, or lies in another file');
    const pages = new PageReader(file, chunk.meta_data, { schema, column, memory, index });
    return new Cursor(pages, column, first - start);
  });
  const step = Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_CELLS / Math.max(1, columns.length))));
  for (let row = first; row < last; row += step) {
    const count = Math.min(step, last - row);
    const rows = new Array<string[]>(count);
    const lines = new Array<number>(count);
    for (let at = 0; at < count; at++) {
      rows[at] = new Array<string>(columns.length);
      lines[at] = row + at + 1;
    }
    for (const [index, cursor] of cursors.entries()) await cursor.fill(rows, index);
    yield { rows, lines };
  }
}

/** The texts of a column that are read at a time, and which of them are there; they are used up before another column is read. */
const texts: string[] = new Array<string>(MAX_TEXTS).fill('');
const present = new Uint32Array(MAX_TEXTS);

/** The place in a column up to which its values were read. */
class Cursor {
  #page: Page | undefined;
  /** The number of values of the page that are not read yet. */
  #left = 0;

  constructor(
    private readonly pages: PageReader,
    private readonly column: Column,
    /** The number of values that come before the first wanted one. */
    private before: number,
  ) {}

  /** Sets a cell of each row to the next value. */
  async fill(rows: string[][], index: number): Promise<void> {
    for (let row = 0; row < rows.length;) {
      if (this.#left === 0) await this.#nextPage().catch(this.#refuse);
      const count = Math.min(rows.length - row, this.#left);
      try {
        this.#read(count);
      } catch (cause) {
        this.#refuse(cause);
      }
      for (let at = 0; at < count; at++) rows[row++]![index] = texts[at]!;
    }
  }

  /** Reads the texts of the next values. */
  #read(count: number): void {
    const { values, present: levels } = this.#page!;
    this.#left -= count;
    if (!levels) {
      values.read(texts, count);
      return;
    }
    const found = readPresent(levels, count);
    values.read(texts, found);
    for (let at = count - 1, from = found - 1; at >= 0; at--) texts[at] = present[at] === 1 ? texts[from--]! : '';
  }

  async #nextPage(): Promise<void> {
    for (;;) {
      const page = await this.pages.next(this.before);
      if (page === undefined) throw new RangeError('it has too few values');
      if (typeof page === 'number') {
        this.before -= page;
        continue;
      }
      this.#page = page;
      this.#left = page.count - this.before;
      this.#pass(page, this.before);
      this.before = 0;
      if (this.#left > 0) return;
    }
  }

  /** Leaves out values at the beginning of a page. */
  #pass({ values, present: levels }: Page, count: number): void {
    if (!levels) {
      values.skip(count);
      return;
    }
    for (let left = count; left > 0; left -= MAX_TEXTS) values.skip(readPresent(levels, Math.min(left, MAX_TEXTS)));
  }

  readonly #refuse = (cause: unknown): never => {
    throw damaged(`the column ${this.column.name} cannot be read`, cause);
  };
}

/** Reads which of the next values are there, and returns how many are. */
function readPresent(levels: HybridReader, count: number): number {
  levels.read(present, count);
  let found = 0;
  for (let at = 0; at < count; at++) found += present[at]!;
  return found;
}

function damaged(why: string, cause?: unknown): TableError {
  if (cause instanceof TableError) return cause;
  const fix = 'Copy or download the file again. If that does not help, write it again with the program that made it.';
  return new TableError(`The Parquet file is damaged, or of a kind that is not known: ${why}.`, fix, { cause });
}
