import { WHITESPACE } from '@tracebloc/ingestor-core';
import { isTyped, kindOf } from './cell-kind.js';
import { columnsOf, lookOf, type SampleColumn } from './columns.js';
import { type Fit, dropLastFields, isBlank } from './fit.js';
import { type SampleEnd, footerLength, mayBeRow } from './footer.js';
import { blankLineWithin, doubtTotals, otherEnd } from './doubts.js';
import { type Header, areNames, findHeader } from './header.js';
import { countsRows, mayBeNames } from './first-line.js';
import { readSampleRecords, type SampleRecord } from './sample-records.js';
import type { DialectSample } from './types.js';

/** Where in the sample the table is, as a dialect reads it. */
export interface Layout {
  fit: Fit;
  header: Header;
  columns: SampleColumn[];
  /** The lines before the header or the first row that are left out. */
  skippedLines: number;
  /** The lines of comments. */
  comments: number[];
  footer: number;
  /** From 0 to 1: how likely a table is laid out so. */
  plausibility: number;
  /** Sentences about what a person must check. */
  doubts: string[];
}

/** Delimiters that also occur in texts, so that a file with them is only a table if nothing else is in it. */
export const DOUBTED: ReadonlySet<string> = new Set([':', '#', '!', '&', '@', '*', ' ', WHITESPACE]);
/** The records among which the table begins. */
const MAX_START = 200;
/** The most lines of a title that a blank line ends. */
const MAX_APART = 10;
/** The least share of whole values in a table whose first line is a row. */
const CERTAIN_TYPES = 0.7;
const WORDS_MAY_BE_ROW = 'A line of a title or a note with as many words as there are columns is read as a row.';
/** The first rows, with which those below them are compared. */
const UPPER_ROWS = 30;
/** What a reading that is not likely is worth. */
const UNLIKELY = 0.3;

/** Returns the layout of the table, or `undefined` if no record has the usual width. */
export function layoutOf(fit: Fit, sample: DialectSample): Layout | undefined {
  const { complete } = sample;
  const { records, width, dialect } = fit;
  const isRow = ({ cells, isBad }: SampleRecord) => cells.length === width && !isBad;
  const hasCountsInWidth = records[0]!.cells.length === width && countsRows(records.slice(0, 1), fit, complete);
  const table = records.slice(hasCountsInWidth ? 1 : startOf(fit, isRow));
  const rows = withoutNotes(table.filter(isRow), fit.blankLines);
  if (rows.length === 0) return undefined;
  const other = table.findIndex((record, index) => index > 0 && !isRow(record));
  const header = findHeader(rows, width, other === -1 ? rows.length : other);
  const columns = columnsOf(rows.slice(rows.indexOf(header.start)), width);
  const before = records.slice(0, records.indexOf(header.start));
  const hasCounts = header.names.length === 0 && countsRows(before, fit, complete);
  const isSkipped = hasCounts || (before.length > 0 && areTitles(before, header, columns, fit));
  const comments = commentsOf(fit);
  const layout: Layout = {
    fit,
    header,
    columns,
    comments,
    skippedLines: isSkipped ? header.start.line - 1 : 0,
    footer: 0,
    plausibility: 1,
    doubts: header.doubt === undefined ? [] : [header.doubt],
  };
  if (before.length > 0 && !isSkipped) {
    // The reader takes the first line for the header, and says that it does not fit.
    layout.header = { names: [records[0]!], start: records[0]!, isCertain: false };
    layout.doubts = [];
    layout.plausibility *= width === 2 ? UNLIKELY : 0.8;
  } else {
    const end = endOf(fit, sample);
    layout.footer = footerLength(end, width, columns);
    layout.doubts.push(...earlierTable(before), ...doubtTotals(layout, end.records, complete));
  }
  // Where values are cut into pieces, the first ones look like those below them too.
  if (header.names.length === 0 && fit.types < CERTAIN_TYPES) layout.plausibility *= UNLIKELY;
  if (dialect.comment !== '' && !areComments(layout)) layout.plausibility *= UNLIKELY;
  if (DOUBTED.has(dialect.delimiter) && !isEvident(layout, before)) layout.plausibility *= UNLIKELY;
  const hasValues = columns.some(({ kind }) => kind === 'number' || kind === 'time');
  if (dialect.delimiter === WHITESPACE && !hasValues) layout.doubts.push(WORDS_MAY_BE_ROW);
  layout.doubts.push(...otherTables(layout));
  return layout;
}

/** Returns the index of the first row. Lines of a title may happen to have as many fields, but most have not. */
function startOf({ records, blankLines }: Fit, isRow: (record: SampleRecord) => boolean): number {
  let start = 0;
  let surplus = 0;
  let others = 0;
  for (const [index, record] of records.slice(0, MAX_START).entries()) {
    const isApart = index <= MAX_APART && others > index / 2 && blankLines.has(record.line - 1);
    if (isApart && isRow(record) && !isHeaderOf(records[index - 1], record, isRow)) start = index;
    surplus += isRow(record) ? -1 : 1;
    if (!isRow(record)) others++;
    if (surplus > 0 && !isRow(record)) start = index + 1;
  }
  return start;
}

/** Whether a record has the names of the columns of the next one, which has values. */
function isHeaderOf(
  record: SampleRecord | undefined,
  next: SampleRecord,
  isRow: (record: SampleRecord) => boolean,
): boolean {
  const hasValues = ({ cells }: SampleRecord) => cells.some((cell) => isTyped(kindOf(cell)));
  return record !== undefined && isRow(record) && areNames(record.cells) && !hasValues(record) && hasValues(next);
}

/** Leaves out a few last rows after a blank line, because they may be notes with as many fields. */
function withoutNotes(rows: SampleRecord[], blankLines: ReadonlySet<number>): SampleRecord[] {
  const apart = rows.findIndex(({ line }, index) => index >= rows.length - 3 && blankLines.has(line - 1));
  return apart >= 3 ? rows.slice(0, apart) : rows;
}

/** Whether all records before the header are lines of a title, and none is a header with an error. */
function areTitles(
  before: readonly SampleRecord[],
  { isCertain, names }: Header,
  columns: readonly SampleColumn[],
  { dialect, width, blankLines }: Fit,
): boolean {
  if (before.some(({ isBad }) => isBad)) return false;
  // A blank line comes after a title rather than after a header, unless that has a name for each column.
  if (names.length > 0 && isCertain) {
    return !blankLines.has(names.at(-1)!.line + 1) || (width > 2 && areNames(names.at(-1)!.cells.slice(1)));
  }
  const isApart = blankLines.has(before.at(-1)!.line + 1);
  const areOther = before.every((record) => record.cells.length !== width || lookOf(record, columns).matching === 0);
  // Several words are several fields if white space separates them.
  const isTitled = dialect.delimiter === WHITESPACE || before.some((record) => isTitle(record, width));
  if (isApart && areOther && before.length <= MAX_APART && isTitled) return true;
  if (!before.every((record) => isTitle(record, width))) return false;
  if (names.length === 0 && mayBeNames(before.at(-1)!, width)) return false;
  const areProse = before.every(({ text }) => /^\S+\s+\S+\s+\S/.test(text.trim()));
  return names.length > 0 ? width > 2 || areProse : width > 2 && areProse;
}

/** Whether a record has only one cell, and is not a header that is written with another delimiter. */
function isTitle(record: SampleRecord, width: number): boolean {
  if (record.cells.filter((cell) => cell.trim() !== '').length > 1) return false;
  return record.cells.length === width || !mayBeRow(record, width);
}

/** Returns the lines that begin with the mark of comments and were left out. */
function commentsOf({ dialect: { comment }, dropped }: Fit): number[] {
  return comment === '' ? [] : dropped.filter(({ text }) => text.startsWith(comment)).map(({ line }) => line);
}

/** Whether what was left out as comments is neither the header nor rows. */
function areComments({ fit: { dialect, dropped, width, isTrailing }, header, columns }: Layout): boolean {
  const lines = dropped.filter(({ text }) => text.startsWith(dialect.comment));
  return lines.every(({ line, text }) => {
    const [record] = readSampleRecords(text, { ...dialect, comment: '' }, true).records;
    if (!record || width < 2 || record.cells.length !== width + Number(isTrailing)) return true;
    const { matching, differing } = lookOf(record, columns);
    return line > header.start.line && matching === 0 && (differing > 0 || record.cells[0] === dialect.comment);
  });
}

function isEvident({ fit, columns, header, footer }: Layout, before: readonly SampleRecord[]): boolean {
  const { dialect, records, width } = fit;
  const table = records.slice(before.length, records.length - footer);
  const regular = table.filter(({ cells }) => cells.length === width).length;
  if (table.length < 3 || table[0]!.cells.length !== width || regular < 0.95 * table.length) return false;
  const isSpace = dialect.delimiter === ' ' || dialect.delimiter === WHITESPACE;
  if (!isSpace) return before.length === 0;
  if (table.length < 4) return false;
  const typed = columns.filter(({ kind }) => kind === 'number' || kind === 'time').length;
  const aligned = table.filter(({ text }) => /\S(?: {2,}|\t)\S/.test(text)).length;
  const isAligned = aligned > 0.8 * table.length;
  // R writes no name above the names of the rows.
  const [only] = before;
  const lacksName = before.length === 1 && only!.cells.length === width - 1 && areNames(only!.cells);
  if (before.length > 0) return (header.isCertain || lacksName) && 2 * typed >= width && (width > 2 || isAligned);
  return (isAligned && width > 2) || (typed > 0 && (header.isCertain || 2 * typed >= width));
}

/** Reads the end of the file. */
function endOf(
  { dialect, records, blankLines, isTrailing, width }: Fit,
  { head, tail, complete }: DialectSample,
): SampleEnd {
  if (complete) return { records, blankLines, isEnded: /[\r\n]$/.test(head) };
  // The first line is probably cut.
  const lines = tail.replace(/^[^\r\n]*(?:\r\n|\n|\r)/, '');
  const { records: all } = readSampleRecords(lines, dialect, true);
  const filled = all.filter((record) => !isBlank(record));
  if (isTrailing) dropLastFields(filled, width + 1);
  const blank = new Set(all.filter(isBlank).map(({ line }) => line));
  return { records: filled, blankLines: blank, isEnded: /[\r\n]$/.test(tail) };
}

/** Describes what looks like a table above the header. */
function earlierTable(before: readonly SampleRecord[]): string[] {
  const index = before.findIndex(({ cells }, at) => cells.length > 1 && before[at + 2]?.cells.length === cells.length);
  const [first, last] = [before[index], before.at(-1)];
  return first ? [`Lines ${first.line} to ${last!.line} may be a table of their own, which is not read.`] : [];
}

/** Describes what looks like the beginning of another table. */
function otherTables({ fit, header, columns, footer }: Layout): string[] {
  const { records, width, blankLines } = fit;
  const rows = records.slice(records.indexOf(header.start) + Math.max(1, header.names.length) + Number(!!header.units));
  const table = footer > 0 ? rows.slice(0, -footer) : rows;
  const whole = table.filter(({ cells }) => cells.length === width);
  const upper = columnsOf(whole.slice(0, Math.max(3, Math.min(UPPER_ROWS, whole.length / 2))), width);
  for (const [index, record] of table.entries()) {
    const { cells, line } = record;
    const next = table[index + 1];
    const isOther = cells.length > 1 && cells.length !== width && next?.cells.length === cells.length;
    if (isOther)
      return [
        `Lines ${line} and ${next.line} have ${cells.length} fields, others ${width}: another table may begin there.`,
      ];
    const look = cells.length === width && blankLines.has(line - 1) ? lookOf(record, columns) : undefined;
    const isHeader = look && look.matching === 0 && look.differing > 0 && index > 0;
    if (isHeader)
      return [`Line ${line} looks like the header of another table, whose rows must be in a file of their own.`];
    const above = cells.length === width && index > 2 ? lookOf(record, upper) : undefined;
    if (above && above.matching === 0 && above.differing > 1 && 2 * above.filled > width)
      return [`Line ${line} has texts where the rows above it have numbers or dates: another table may begin there.`];
  }
  return [...blankLineWithin(whole, fit), ...otherEnd(whole, width)].slice(0, 1);
}

/** Whether nearly all lines are a number or a time each, so that the file has only one column. */
export function isSingleColumn({ records, width }: Fit): boolean {
  const lines = records.slice(1, 200).map(({ text }) => kindOf(text));
  const isWhole = lines.length > 0 && lines.filter(isTyped).length >= 0.9 * lines.length;
  return isWhole && width === 2 && (records[0]!.cells.length !== width || isTyped(kindOf(records[0]!.text)));
}
