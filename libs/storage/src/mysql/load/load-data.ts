import { Readable } from 'node:stream';
import type { Cell, DatasetRecord } from '@tracebloc/ingestor-contract';
import type { ResultSetHeader } from 'mysql2/promise';
import { RUN_COLUMNS } from '../../tables/layout.js';
import { quote } from '../../tables/names.js';
import type { BatchOrigin } from '../../errors/rows.js';
import { checkOutcome, columnNames, type Encoder, type Load, type Loader, type LoadTarget } from './loader.js';
import { Blocks, BlockPool } from './blocks.js';
import { literal } from './literal.js';

/** Characters that are encoded together, and bytes that are sent together; every server accepts this size. */
const PACKET = 64 * 1024;

/** Sends rows by `LOAD DATA LOCAL INFILE` from memory. No file is read, whatever file the server asks for. */
export class LoadDataLoader implements Loader {
  readonly method = 'LOAD DATA';
  readonly #isText: readonly boolean[];
  readonly #statement: string;
  readonly #pool = new BlockPool();

  constructor(private readonly target: LoadTarget) {
    const { table, columns, run } = target;
    const [intentColumn, runColumn] = RUN_COLUMNS;
    this.#isText = columns.map(({ type }) => type.kind === 'text');
    this.#statement =
      `LOAD DATA LOCAL INFILE 'batch' INTO TABLE ${quote(table)} CHARACTER SET utf8mb4 ` +
      String.raw`FIELDS TERMINATED BY '\t' ENCLOSED BY '' ESCAPED BY '\\' LINES TERMINATED BY '\n' ` +
      `(${columnNames(target).map(quote).join(', ')})` +
      (run ? ` SET ${intentColumn} = ${literal(run.intent)}, ${runColumn} = ${literal(run.runId)}` : '');
  }

  encode(firstOrdinal: number): Encoder {
    const isText = this.#isText;
    const origin: BatchOrigin = { firstOrdinal, rows: [] };
    const blocks = new Blocks(this.#pool);
    let text = '';
    return {
      add: (record, dataId) => {
        text += line(record, dataId, firstOrdinal + origin.rows.length + 1, isText);
        origin.rows.push(record.row);
        if (text.length < PACKET) return;
        blocks.write(text);
        text = '';
      },
      finish: () => {
        blocks.write(text);
        return this.#load(blocks, origin);
      },
    };
  }

  #load(blocks: Blocks, origin: BatchOrigin): Load {
    return {
      send: async (connection) => {
        const [outcome] = await connection.query<ResultSetHeader>({
          sql: this.#statement,
          infileStreamFactory: () => Readable.from(slicesOf(blocks.bytes)),
        });
        await checkOutcome(connection, outcome, origin, this.target);
      },
      release: () => blocks.release(),
    };
  }
}

/** Yields slices that every server accepts as one packet of the protocol. */
function* slicesOf(blocks: readonly Buffer[]): Generator<Buffer> {
  for (const bytes of blocks) {
    for (let start = 0; start < bytes.length; start += PACKET) yield bytes.subarray(start, start + PACKET);
  }
}

function line(record: DatasetRecord, dataId: string, id: number, isText: readonly boolean[]): string {
  const { label, filename, extension, annotation, values } = record;
  let text = `${id}\t${field(label)}\t${field(dataId)}\t${field(filename)}\t${field(extension)}\t${field(annotation)}`;
  for (let c = 0; c < isText.length; c++) {
    const cell = values[c] as Cell;
    // Only text can need escapes: the task has checked the form of all other cells.
    text += cell === null ? '\t\\N' : `\t${isText[c] ? escape(cell) : cell}`;
  }
  return `${text}\n`;
}

const SPECIAL = /[\\\t\n\0]/;
const SPECIALS = /[\\\t\n\0]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\0': '\\0' };

function escape(cell: string): string {
  return SPECIAL.test(cell) ? cell.replace(SPECIALS, (character) => ESCAPES[character]!) : cell;
}

function field(cell: string | null): string {
  return cell === null ? '\\N' : escape(cell);
}
