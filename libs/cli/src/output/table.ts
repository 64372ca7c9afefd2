import { ux } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { padded, textWidth } from './width.js';

const GAP = '  ';
/** What the further lines of a row begin with. */
const INDENT = '  ';

/**
 * Renders aligned rows under headings, without borders. Cells pass `printableLine`. If `width` is given, the columns that do
 * not fit into so many cells go on in further, indented lines. The time grows with the number of rows.
 */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], width = Infinity): string {
  const cells = rows.map((row) => row.map(printableLine));
  const widths = head.map(textWidth);
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column]!, textWidth(cell));
  }
  const groups = divide(widths, width);
  const lines = (row: readonly string[]) =>
    groups
      .map((columns, index) => {
        const line = columns.map((column) => padded(row[column]!, widths[column]!)).join(GAP);
        return (index === 0 ? line : INDENT + line).trimEnd();
      })
      .join('\n');
  return [ux.colorize('bold', lines(head)), ...cells.map(lines)].join('\n');
}

/** Divides the columns into lines that are at most `width` cells wide, as far as the columns allow. */
function divide(widths: readonly number[], width: number): number[][] {
  const lines: number[][] = [[]];
  let used = 0;
  for (const [column, own] of widths.entries()) {
    const isFirst = lines.at(-1)!.length === 0;
    if (!isFirst && used + GAP.length + own > width) {
      lines.push([column]);
      used = INDENT.length + own;
    } else {
      lines.at(-1)!.push(column);
      used += (isFirst ? 0 : GAP.length) + own;
    }
  }
  return lines;
}
