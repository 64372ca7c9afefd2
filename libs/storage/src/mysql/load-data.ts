import { Readable } from 'node:stream';
import type { Cell } from '@tracebloc/ingestor-contract';
import type { ResultSetHeader } from 'mysql2/promise';
import { placesOf } from '../batch.js';
import { quote } from '../names.js';
import type { BatchPlaces, StagedBatch } from '../types.js';
import {
  checkOutcome,
  FILE_COLUMNS,
  hasFiles,
  ROW_COLUMNS,
  type Load,
  type Loader,
  type LoadTarget,
} from './loader.js';
import { literal } from './literal.js';

/** Rows formatted at a time, so that a batch of long texts is never in memory twice as text. */
const ROWS = 500;
/** Bytes a packet, which the server takes whole or not at all. */
const PACKET = 256 * 1024;

/** `LOAD DATA LOCAL INFILE` from memory: no file is read, whatever the server asks for. */
export class LoadDataLoader implements Loader {
  readonly method = 'LOAD DATA';
  readonly #isText: readonly boolean[];

  constructor(private readonly target: LoadTarget) {
    this.#isText = target.columns.map(({ type }) => type.kind === 'text');
  }

  prepare(batch: StagedBatch): Load {
    const withFiles = hasFiles(batch);
    return this.#load(this.#statement(withFiles), [...this.#packets(batch, withFiles)], placesOf(batch));
  }

  /** Apart from `prepare`, so that what it returns keeps no hold of the batch. */
  #load(sql: string, packets: readonly Buffer[], places: BatchPlaces): Load {
    return async (connection) => {
      const [outcome] = await connection.query<ResultSetHeader>({
        sql,
        infileStreamFactory: () => Readable.from(packets),
      });
      await checkOutcome(connection, outcome, places, this.target);
    };
  }

  #statement(withFiles: boolean): string {
    const { table, columns, run } = this.target;
    const names = [...ROW_COLUMNS, ...(withFiles ? FILE_COLUMNS : []), ...columns.map(({ name }) => name)];
    return (
      `LOAD DATA LOCAL INFILE 'batch' INTO TABLE ${quote(table)} CHARACTER SET utf8mb4 ` +
      String.raw`FIELDS TERMINATED BY '\t' ENCLOSED BY '' ESCAPED BY '\\' LINES TERMINATED BY '\n' ` +
      `(${names.map(quote).join(', ')}) ` +
      `SET data_intent = ${literal(run.intent)}, ingestor_id = ${literal(run.runId)}`
    );
  }

  *#packets(batch: StagedBatch, withFiles: boolean): Generator<Buffer> {
    const { length } = batch.records;
    for (let first = 0; first < length; first += ROWS) {
      const data = Buffer.from(this.#format(batch, withFiles, first, Math.min(first + ROWS, length)));
      for (let start = 0; start < data.length; start += PACKET) yield data.subarray(start, start + PACKET);
    }
  }

  #format({ records, dataIds, firstOrdinal }: StagedBatch, withFiles: boolean, first: number, end: number): string {
    const isText = this.#isText;
    const width = isText.length;
    let text = '';
    for (let i = first; i < end; i++) {
      const record = records[i]!;
      text += `${firstOrdinal + i + 1}\t${field(record.label)}\t${field(dataIds[i]!)}`;
      if (withFiles) text += `\t${field(record.filename)}\t${field(record.extension)}\t${field(record.annotation)}`;
      const { values } = record;
      for (let c = 0; c < width; c++) {
        const cell = values[c] as Cell;
        // Only text can hold what needs an escape: the task has checked the form of everything else.
        text += cell === null ? '\t\\N' : `\t${isText[c] ? escape(cell) : cell}`;
      }
      text += '\n';
    }
    return text;
  }
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
