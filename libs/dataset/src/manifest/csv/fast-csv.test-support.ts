/** fast-csv is the oracle of the tokenizer's tests: an independent reader that knows the same rules of CSV. */
import { CsvParserStream, ParserOptions, type ParserOptionsArgs, type ParserRow } from 'fast-csv';
import type { CsvFormat } from '@tracebloc/ingestor-core';

/** The characters that have a meaning in a CSV. */
export type Marks = Pick<CsvFormat, 'delimiter' | 'quote' | 'escape'>;

/** Collects the rows of fast-csv before its stream queues them. */
class RowCollector extends CsvParserStream<ParserRow, ParserRow> {
  readonly rows: string[][] = [];

  override push(row: string[] | null): boolean {
    return row === null ? super.push(null) : this.rows.push(row) > 0;
  }
}

/**
 * Reads whole records that end with a line ending. A blank line becomes a row without cells. Throws when text follows a
 * closing quote, and returns no rows after a quote that is never closed.
 */
export async function readWithFastCsv(
  text: string,
  { delimiter, quote, escape }: Marks,
  options: ParserOptionsArgs = {},
): Promise<string[][]> {
  const stream = new RowCollector(
    new ParserOptions({
      headers: false,
      delimiter,
      quote: quote || undefined,
      escape: escape || undefined,
      ...options,
    }),
  );
  // The callback of the write receives the error too; without a listener the error would end the process.
  stream.on('error', () => undefined);
  // fast-csv removes U+FEFF at the start as a byte order mark, so we add one for it to remove.
  await new Promise<void>((resolve, reject) => {
    stream.write(`\ufeff${text}`, (error) => (error ? reject(error) : resolve()));
  });
  return stream.rows;
}
