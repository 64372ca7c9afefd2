import { type SampleColumn, lookOf } from './columns.js';
import { readSampleRecords, type SampleRecord } from './sample-records.js';

/** The most records of a footer that is found. */
const MAX_RECORDS = 30;

/** Matches the first cell of a row of sums. */
const TOTAL =
  /^\W*(?:(?:grand|sub|over)?[ -]?totals?|sums?|summe|gesamt|insgesamt|somme|suma|totale|averages?|mean)\b[^\p{L}]*$/iu;
/** Matches the beginning of a note. */
const NOTE =
  /^\W*(?:sources?|notes?|quellen?|hinweis|anmerkung|fuente|fonte|copyright|©|\(c\)|disclaimer|generated|created|exported|end of|eof|legend|data (?:as of|from|provided)|last updated|retrieved|downloaded|stand:?|rows?:|records?:|\(?\d+ rows)/i;

/** Matches a note that a mark in the table refers to. */
const MARKED = /^\*{1,3} ?\p{L}{2,}\S* \S+ \S/u;

/** The end of a sample. */
export interface SampleEnd {
  /** The records that are not blank, the last ones of the file. */
  records: readonly SampleRecord[];
  blankLines: ReadonlySet<number>;
  /** Whether the last line has an ending. If not, the last record may have been cut off. */
  isEnded: boolean;
}

/**
 * Returns how many records at the end are not rows: notes, sums, and rows without any value. Zero in doubt, above all where
 * the last row may have been cut off or another table follows.
 */
export function footerLength(end: SampleEnd, width: number, columns: readonly SampleColumn[]): number {
  const { records, blankLines, isEnded } = end;
  let start = records.length;
  while (start > 0 && records.length - start < MAX_RECORDS && mayEnd(records[start - 1]!, width, columns, blankLines))
    start--;
  // So many rows that look alike are rows.
  if (records.length - start === MAX_RECORDS) return 0;
  const footer = records.slice(start);
  const [first] = footer;
  const before = records[start - 1];
  if (!first || !before || before.isBad || before.cells.length !== width) return 0;
  // Rows of another width follow each other in another table, not in a footer.
  const others = footer.filter(({ cells }) => cells.length !== width);
  if (others.filter(({ cells }) => filledIn(cells) > 1).length > 2) return 0;
  if (others.filter((record) => !isNamed(record) && !isProse(record)).length > 3) return 0;
  if (filledIn(first.cells) === 0 || isNamed(first)) return footer.length;
  const isApart = blankLines.has(first.line - 1) && !blankLines.has(before.line - 1);
  // A row that was cut off after its first cell may look like a note too.
  const isUnlike = isEnded && columns[0]?.kind !== 'text';
  return isApart || (isProse(first) && (isUnlike || first.cells.length === width)) ? footer.length : 0;
}

/** Whether a record may be part of a footer. */
function mayEnd(
  record: SampleRecord,
  width: number,
  columns: readonly SampleColumn[],
  blankLines: ReadonlySet<number>,
): boolean {
  const { cells, isBad, line } = record;
  if (isBad) return false;
  const filled = filledIn(cells);
  if (filled === 0) return true;
  if (cells.length !== width) {
    if (cells.length === 1) return !/^[\d.,+-]+$/.test(cells[0]!.trim()) && !mayBeRow(record, width);
    return isNamed(record) || (cells.length < width && filled === 1);
  }
  if (width < 2) return false;
  // As wide as a row: only sums and notes of one cell are known.
  const named = cells.find((cell) => cell.trim() !== '')!.trim();
  if (filled === 1)
    return (
      width > 2 &&
      cells[0]!.trim() !== '' &&
      (TOTAL.test(named) || NOTE.test(named) || MARKED.test(named) || (isProse(record) && columns[0]?.kind !== 'text'))
    );
  if (NOTE.test(named) && blankLines.has(line - 1)) {
    const { matching, differing } = lookOf(record, columns);
    return matching === 0 && differing > 0;
  }
  if (!TOTAL.test(named)) return false;
  const texts = columns.filter(({ kind }, index) => kind === 'text' && cells[index]!.trim() !== '').length;
  return texts <= 1;
}

/** Whether a text of one cell has as many fields as a row if it is read with another delimiter, or without the quotes around. */
export function mayBeRow({ text, cells }: SampleRecord, width: number): boolean {
  const delimiters = [',', ';', '\t', '|'];
  if (delimiters.some((delimiter) => text.split(delimiter).length === width)) return true;
  const [only = ''] = cells;
  if (!text.startsWith('"') || cells.length !== 1) return false;
  return delimiters.some((delimiter) => {
    const { records } = readSampleRecords(only, { delimiter, quote: '"', escape: '"', comment: '' }, true);
    return records.length === 1 && records[0]!.cells.length === width;
  });
}

const filledIn = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length;

function isNamed({ cells }: SampleRecord): boolean {
  const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
  return TOTAL.test(first) || NOTE.test(first) || MARKED.test(first);
}

/** Whether the only cell of a record is a text of several words. */
function isProse({ cells }: SampleRecord): boolean {
  const [only, ...more] = cells.filter((cell) => cell.trim() !== '');
  return more.length === 0 && only !== undefined && /\p{L}{2,}\S* +\S+ +\S+/u.test(only.slice(0, 200));
}
