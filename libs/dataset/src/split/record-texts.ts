import { LineSplitter } from '@tracebloc/ingestor-core';
import { RecordSplitter, type Records } from '../manifest/csv/records.js';
import { TextSource } from '../manifest/text-source.js';
import type { ReaderOptions } from '../manifest/types.js';
import { ElementSplitter } from './json-elements.js';

/** The text of a record in the file. */
export interface RecordText {
  /** As in `Finding.row`. The header and the blank lines of a CSV are records too. */
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
  { format, path, csv }: Pick<ReaderOptions, 'format' | 'path' | 'csv'>,
  signal: AbortSignal,
): Promise<OpenRecordTexts> {
  const pieces = () => new TextSource(path, csv.chunkSize).pieces(signal);
  if (format === 'csv') return { form: 'csv', batches: csvRecords(pieces(), new RecordSplitter(csv)) };
  for await (const piece of pieces()) {
    const first = piece.trimStart()[0];
    if (first === '[') return { form: 'json-array', batches: elements(pieces()) };
    if (first !== undefined) break;
  }
  return { form: 'json-lines', batches: jsonLines(pieces()) };
}

async function* csvRecords(
  pieces: AsyncIterable<string>,
  splitter: RecordSplitter,
): AsyncGenerator<RecordText[], void> {
  for await (const piece of pieces) yield cutRecords(splitter.push(piece));
  yield cutRecords(splitter.end());
}

/** Cuts a text into its records. Quoted cells may contain line endings, so a record ends where the next one begins. */
function cutRecords({ text, lines }: Records): RecordText[] {
  const lineEndings = text.matchAll(/\r\n|\n|\r/g);
  let start = 0;
  return lines.map((line, index) => {
    const lineCount = index + 1 < lines.length ? lines[index + 1]! - line : Infinity;
    let end = { index: text.length, 0: '' };
    for (let passed = 0; passed < lineCount; passed++) {
      const next = lineEndings.next();
      if (next.done) break;
      end = next.value;
    }
    const record = { row: line, text: text.slice(start, end.index), end: end[0] };
    start = end.index + end[0].length;
    return record;
  });
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
