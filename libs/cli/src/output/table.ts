import { ux } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { padded, textWidth } from './width.js';

const GAP = '  ';

/** Renders aligned rows under headings, without borders. Cells pass `printableLine`. The time grows with the number of rows. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printableLine));
  const widths = head.map(textWidth);
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column]!, textWidth(cell));
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => padded(cell, widths[column]!))
      .join(GAP)
      .trimEnd();
  return [ux.colorize('bold', line(head)), ...cells.map(line)].join('\n');
}
