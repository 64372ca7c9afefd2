import type { Finding } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { makeFinding } from '../../findings/findings.js';

/** A record and its line. */
interface NumberedRecord {
  cells: readonly string[];
  line: number;
}

/** The characters that some programs write around texts, and those that only stand around whole columns by intention. */
const QUOTES = ["'", '`'];
const RARE_QUOTES = ['$', '|', '~', '^', '´'];
/** The fewest cells of a column that are all between such characters. */
const MIN_CELLS = 3;
/** The fewest such columns for a rare quote. */
const MIN_RARE_COLUMNS = 2;
/** The fewest cells that protect the quote inside, as no other text does. */
const MIN_PROTECTED = 2;

/** Finds cells that stand between quotes that are not the declared ones, which would be stored with the text. */
export function otherQuote(
  records: readonly NumberedRecord[],
  { quote }: CsvFormat,
  /** The text of the records. */
  text: string,
): Finding | undefined {
  for (const mark of [...QUOTES, ...RARE_QUOTES]) {
    if (mark === quote || !text.includes(mark)) continue;
    const first = records.find(({ cells }) => cells.some((cell) => isBetween(cell, mark)));
    if (!first) continue;
    const columns = quotedColumns(records, mark);
    const isRare = RARE_QUOTES.includes(mark);
    const found = columns >= (isRare ? MIN_RARE_COLUMNS : 1) || (!isRare && protectsQuotes(records, mark));
    if (found) return describe(first.line, mark, records);
  }
  return undefined;
}

function describe(row: number, mark: string, records: readonly NumberedRecord[]): Finding {
  const message = `Cells begin and end with ${mark}, which is stored as a part of the text.`;
  const isEscaped = records.some(({ cells }) =>
    cells.some((cell) => isBetween(cell, mark) && cell.includes(`\\${mark}`)),
  );
  const escape = isEscaped ? ' and `escapechar: "\\\\"`' : '';
  const fix = `If they are the quotes of the file, set \`spec.csv_options.quotechar: "${mark}"\`${escape}. If they belong to the texts, leave them.`;
  return makeFinding('other-quote', { message, row, fix });
}

const isBetween = (cell: string, mark: string): boolean =>
  cell.length > 1 && cell.startsWith(mark) && cell.endsWith(mark);

/** Returns how many columns have all their values between the marks. */
function quotedColumns(records: readonly NumberedRecord[], mark: string): number {
  const width = records[0]!.cells.length;
  let count = 0;
  for (let column = 0; column < width; column++) {
    const cells = records.map(({ cells }) => cells[column] ?? '').filter((cell) => cell !== '');
    if (cells.length >= MIN_CELLS && cells.every((cell) => isBetween(cell, mark))) count++;
  }
  return count;
}

/** Whether several cells protect the mark inside, and every cell that has the mark is between two. */
function protectsQuotes(records: readonly NumberedRecord[], mark: string): boolean {
  let count = 0;
  for (const { cells } of records) {
    for (const cell of cells) {
      if (!cell.includes(mark)) continue;
      if (!isBetween(cell, mark)) return false;
      const text = cell.slice(1, -1);
      if (text.replaceAll(`${mark}${mark}`, '').replaceAll(`\\${mark}`, '').includes(mark)) return false;
      if (text.includes(mark)) count++;
    }
  }
  return count >= MIN_PROTECTED;
}
