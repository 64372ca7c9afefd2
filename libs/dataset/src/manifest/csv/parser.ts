import type { CsvFormat } from '@tracebloc/ingestor-core';
import { CsvParserStream, ParserOptions, type ParserRow } from 'fast-csv';

/**
 * Collects the rows of fast-csv before the stream queues them one by one, so that each text returns all its rows together,
 * in step with their line numbers.
 */
class RowCollector extends CsvParserStream<ParserRow, ParserRow> {
  rows: string[][] = [];

  override push(row: string[] | null): boolean {
    return row === null ? super.push(null) : this.rows.push(row) > 0;
  }
}

/** Parses texts of whole records with fast-csv. */
export class CsvParser {
  readonly #stream: RowCollector;

  constructor({ delimiter, quote, escape }: Pick<CsvFormat, 'delimiter' | 'quote' | 'escape'>) {
    this.#stream = new RowCollector(
      new ParserOptions({ headers: false, delimiter, quote: quote || undefined, escape: escape || undefined }),
    );
    // The callback of the write receives the error too; without a listener the error would end the process.
    this.#stream.on('error', () => undefined);
  }

  /** Parses whole, correctly quoted records that end with a line feed. A blank line becomes a row without cells. */
  async parse(text: string): Promise<string[][]> {
    // fast-csv removes U+FEFF at the start of any write as a byte order mark, so we add one for it to remove.
    const guarded = text.startsWith('\ufeff') ? `\ufeff${text}` : text;
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(guarded, (error) => (error ? reject(error) : resolve()));
    });
    const { rows } = this.#stream;
    this.#stream.rows = [];
    return rows;
  }
}
