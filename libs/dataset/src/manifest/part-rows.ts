import type { Report } from '@tracebloc/ingestor-contract';
import { WordedReport, wordTexts } from '../findings/worded-report.js';

/**
 * The number of rows between the first rows of two parts of a table, which is more than a file can have. So a number says
 * which part the row is in, and all processes agree on it without counting.
 */
const PART_STEP = 2 ** 36;

/** Returns the number that a row of a part has in the table. Rows of the first part keep theirs. */
export const rowInTable = (part: number, row: number): number => part * PART_STEP + row;

/** Returns the file that has a row, and the row's number in it. `path` is the table, and its file if it has no parts. */
export function rowInFile({ path, parts }: { path: string; parts?: readonly string[] }, row: number) {
  return { file: parts?.[Math.floor(row / PART_STEP)] ?? path, row: row % PART_STEP };
}

/** Matches the number of a row of a later part in a message. */
const ROW = /\brow (\d{11,})/g;

/** Returns a report that names the part of a table and the row in it, instead of the table and the row in that. */
export function reportByPart(report: Report, parts: readonly string[]): Report {
  if (parts.length === 0) return report;
  const partOf = (row: number): string | undefined => parts[Math.floor(row / PART_STEP)];
  const note = (text: string): string =>
    text.replace(ROW, (_, digits: string) => {
      const row = Number(digits);
      return `row ${row % PART_STEP} of ${partOf(row)}`;
    });
  return new WordedReport(report, {
    note,
    finding(finding) {
      const { row, file } = finding;
      // The parser of a part names the part itself.
      const isOfPart = file !== undefined && parts.includes(file);
      const own = row === undefined || isOfPart ? undefined : { row: row % PART_STEP, file: partOf(row) };
      return { ...finding, ...wordTexts(finding, note), ...own };
    },
  });
}
