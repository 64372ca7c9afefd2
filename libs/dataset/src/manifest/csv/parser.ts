import type { CsvFormat } from '@tracebloc/ingestor-core';
import { CsvParserStream, ParserOptions, type ParserRow } from 'fast-csv';

/**
 * fast-csv on texts of whole records. Takes the rows where the stream would queue them one by one, so that each text
 * gives its rows in one piece, in step with their line numbers.
 */
class RowCollector extends CsvParserStream<ParserRow, ParserRow> {
  rows: string[][] = [];

  override push(row: string[] | null): boolean {
    return row === null ? super.push(null) : this.rows.push(row) > 0;
  }
}

export class CsvParser {
  readonly #stream: RowCollector;

  constructor({ delimiter, quote, escape }: Pick<CsvFormat, 'delimiter' | 'quote' | 'escape'>) {
    this.#stream = new RowCollector(
      new ParserOptions({ headers: false, delimiter, quote: quote || undefined, escape: escape || undefined }),
    );
    // The write's callback has the error too; without a listener it would end the process.
    this.#stream.on('error', () => undefined);
  }

  /** The rows of a text of whole, well-quoted records that ends with a line feed. A blank line is a row of no cells. */
  async parse(text: string): Promise<string[][]> {
    // fast-csv takes U+FEFF at the start of any write for a byte order mark: give it one to take.
    const guarded = text.startsWith('\ufeff') ? `\ufeff${text}` : text;
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(guarded, (error) => (error ? reject(error) : resolve()));
    });
    const { rows } = this.#stream;
    this.#stream.rows = [];
    return rows;
  }
}
