import { LineSplitter } from '@tracebloc/ingestor-core';
import { ENCODING_OPTION } from '../manifest/reader.js';
import { Tokenizer, type Tokens } from '../manifest/csv/tokenizer.js';
import { EnvelopeReader } from '../manifest/json/envelope.js';
import { TextSource } from '../manifest/text-source.js';
import type { ReaderOptions } from '../manifest/types.js';
import { ElementSplitter } from './json-elements.js';

/** The text of a record in the file. */
export interface RecordText {
  /** As in `Finding.row`. The header, the blank lines and the comments of a CSV are records too. */
  row: number;
  /** The text without its line ending. */
  text: string;
  /** The line ending, which is empty in a JSON array, and may be empty at the end of a file. */
  end: string;
}

/** How the records are arranged in a manifest. */
export type Form = 'csv' | 'json-array' | 'json-lines';

export interface OpenRecordTexts {
  form: Form;
  batches: AsyncGenerator<RecordText[], void>;
}

/** Reads the texts of the records of a manifest, which must be one that a `DatasetReader` reads without errors. */
export async function openRecordTexts(
  { format, path, csv, json }: Pick<ReaderOptions, 'format' | 'path' | 'csv' | 'json'>,
  signal: AbortSignal,
): Promise<OpenRecordTexts> {
  const stated = { encoding: csv.encoding, option: ENCODING_OPTION };
  const pieces = () => new TextSource(path, csv.chunkSize, stated, true, true).pieces(signal);
  if (format === 'csv') return { form: 'csv', batches: csvRecords(pieces(), new Tokenizer(csv, true)) };
  if (json?.records !== undefined) return { form: 'json-array', batches: elements(arrayOf(pieces(), json.records)) };
  for await (const piece of pieces()) {
    const first = piece.trimStart()[0];
    if (first === '[') return { form: 'json-array', batches: elements(pieces()) };
    if (first !== undefined) break;
  }
  return { form: 'json-lines', batches: jsonLines(pieces()) };
}

async function* csvRecords(pieces: AsyncIterable<string>, tokenizer: Tokenizer): AsyncGenerator<RecordText[], void> {
  for await (const piece of pieces) for (const tokens of tokenizer.read(piece)) yield recordsOf(tokens);
  for (const tokens of tokenizer.finish()) yield recordsOf(tokens);
}

function recordsOf({ texts = [], lines, dropped = [] }: Tokens): RecordText[] {
  const records = texts.map((text, index) => {
    const end = /(?:\r\n|\n|\r)$/.exec(text)![0];
    return { row: lines[index]!, text: text.slice(0, text.length - end.length), end };
  });
  if (dropped.length === 0) return records;
  return [...dropped.map(({ line, text }) => ({ row: line, text, end: '' })), ...records].sort((a, b) => a.row - b.row);
}

/** Yields the text of the array of records in a JSON object. */
async function* arrayOf(pieces: AsyncIterable<string>, records: string): AsyncGenerator<string, void> {
  const envelope = new EnvelopeReader(records);
  for await (const piece of pieces) yield envelope.push(piece);
}

async function* jsonLines(pieces: AsyncIterable<string>): AsyncGenerator<RecordText[], void> {
  let row = 1;
  const splitter = new LineSplitter();
  const toRecord = (line: string): RecordText => ({ row: row++, text: line.replace(/\r$/, ''), end: '\n' });
  for await (const piece of pieces) yield splitter.push(piece).map(toRecord);
  yield [toRecord(splitter.end())];
}

async function* elements(pieces: AsyncIterable<string>): AsyncGenerator<RecordText[], void> {
  const splitter = new ElementSplitter();
  let row = 1;
  for await (const piece of pieces) yield splitter.push(piece).map((text) => ({ row: row++, text, end: '' }));
}
