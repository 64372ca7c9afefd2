import type { Report, RowBatch } from '@tracebloc/ingestor-contract';
import { reportFinding } from '../findings/findings.js';

/** Reports rows that have delimiters but no value. They are read as rows of missing values. */
export function reportEmptyRows({ rows, lines }: RowBatch, report: Report): void {
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    // Most rows have a value in one of the first cells.
    if (row[0] !== '' || row[1] !== '' || row.some((cell) => cell !== '')) continue;
    reportFinding(report, 'empty-row', () => ({ message: 'The row has delimiters, but no value.', row: lines[index] }));
  }
}
