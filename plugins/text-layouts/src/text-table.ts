import { open, type FileHandle } from 'node:fs/promises';
import type {
  FindingPlace,
  LayoutPlaces,
  LayoutReading,
  LayoutRequest,
  LayoutTable,
  NumberedFiles,
  RowBatch,
  SourceFile,
  SourceFolder,
  TableColumn,
} from '@tracebloc/ingestor-contract';
import { TableError } from '@tracebloc/ingestor-contract';
import { TextPositions, TextReader } from './text-index.js';

/** The rows of a batch. */
const BATCH = 64;

/** The digits of a name that is the number of its text, as in texts of a table's column. */
const DIGITS = 9;

/** A text as its file has it, parsed. */
export interface ParsedText {
  text: string;
  label?: string;
}

/** How a layout finds the texts of a file. */
export interface TextParser {
  /** Adds the position of each text of the file. Reports those that cannot be used, and leaves them out. */
  index(file: FileHandle, positions: TextPositions): Promise<void>;
  /** Returns the text that has this place in the file. */
  parse(source: string): ParsedText;
  /** Whether the texts have labels. It is known once the file is indexed. */
  readonly hasLabels: boolean;
}

/** Returns the places of a layout that is one file. */
export async function locateFile({ path }: LayoutRequest): Promise<LayoutPlaces> {
  return { files: [path], folders: {} };
}

/** Opens a file of texts: a row for each, and the text in a file that is made. */
export async function openTexts(
  { path }: LayoutRequest,
  { report }: LayoutReading,
  parser: TextParser,
): Promise<LayoutTable> {
  const file = await open(path);
  try {
    const positions = new TextPositions();
    const errors = report.errors;
    await parser.index(file, positions);
    if (positions.count === 0 && report.errors === errors) {
      throw new TableError('The file has no text.', 'Use a file with texts, or the layout that it has.');
    }
    return new TextTable(path, file, positions, parser);
  } catch (error) {
    await file.close();
    throw error;
  }
}

class TextTable implements LayoutTable {
  readonly columns: readonly TableColumn[];
  readonly rows: number;
  readonly folders: { texts: SourceFolder };
  readonly #reader: TextReader;

  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly positions: TextPositions,
    private readonly parser: TextParser,
  ) {
    this.rows = positions.count;
    this.columns = [{ name: 'filename', sql: 'VARCHAR(255)' }, ...(parser.hasLabels ? [{ name: 'label' }] : [])];
    const numbered = this.#files();
    this.folders = { texts: { name: 'texts', files: allOf(numbered), numbered } };
    this.#reader = new TextReader(file, positions);
  }

  async *read(from: number, to: number, columns: readonly number[]): AsyncGenerator<RowBatch, void> {
    for (let start = from; start < to; start += BATCH) {
      const indices = Array.from({ length: Math.min(to - start, BATCH) }, (_, index) => start + index);
      const rows = indices.map(async (index) => {
        const label = columns.includes(1) ? (await this.load(index)).label : undefined;
        return columns.map((column) => (column === 0 ? nameOf(index) : (label ?? '')));
      });
      yield { rows: await Promise.all(rows), lines: indices.map((index) => index + 1) };
    }
  }

  async load(index: number): Promise<ParsedText> {
    return this.parser.parse(await this.#reader.read(index));
  }

  locate(file: string | undefined, row: number | undefined): FindingPlace | undefined {
    const index = file === undefined ? (row ?? 0) - 1 : indexOf(file.replace(/^texts\//, ''));
    return index >= 0 && index < this.rows ? { file: this.path, row: this.positions.lineOf(index) } : undefined;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  #files(): NumberedFiles {
    return {
      count: this.rows,
      numberOf: (name) => {
        const index = indexOf(name);
        return index >= 0 && index < this.rows ? index : undefined;
      },
      at: (index) => new TextFile(this, index, this.path),
    };
  }
}

function allOf(files: NumberedFiles): Iterable<SourceFile> {
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < files.count; index++) yield files.at(index);
    },
  };
}

const NAME = new RegExp(`^(\\d{${DIGITS},})\\.txt$`);

/** Returns the index of the text that has a name, or -1. */
function indexOf(name: string): number {
  const number = Number(NAME.exec(name)?.[1] ?? 0);
  return nameOf(number - 1) === name.slice(0, -'.txt'.length) ? number - 1 : -1;
}

const nameOf = (index: number): string => String(index + 1).padStart(DIGITS, '0');

class TextFile implements SourceFile {
  constructor(
    private readonly table: TextTable,
    private readonly index: number,
    private readonly source: string,
  ) {}

  get name(): string {
    return `${nameOf(this.index)}.txt`;
  }

  get path(): string {
    return `${this.source}#${this.name}`;
  }

  async make(): Promise<Uint8Array> {
    return Buffer.from((await this.table.load(this.index)).text);
  }
}
