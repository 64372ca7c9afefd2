import type { Report, RowBatch } from '@tracebloc/ingestor-contract';
import { reportFinding } from '../findings/findings.js';

/** NUL, SUB, ESC and DEL, which occur in damaged files. Each is searched for in every file, so they are few. */
const BYTES = [0x00, 0x1a, 0x1b, 0x7f];

/** Matches the characters of these bytes, and no others: whether a text is looked at must not decide what is reported. */
const CONTROL = new RegExp('[\\0\\x1a\\x1b\\x7f]');

/** Whether some bytes of a text need a look for control characters. */
export function mayHaveControls(chunk: Uint8Array): boolean {
  return BYTES.some((byte) => chunk.includes(byte));
}

/** Reports each cell that has a control character. */
export function reportControls({ rows, lines }: RowBatch, header: readonly string[], report: Report): void {
  for (const [index, row] of rows.entries()) {
    for (const [column, cell] of row.entries()) {
      const found = CONTROL.exec(cell);
      if (!found) continue;
      const code = found[0].charCodeAt(0);
      const name =
        code === 0 ? 'a NUL byte' : `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
      reportFinding(report, 'control-character', () => {
        return { message: `The cell has ${name}.`, row: lines[index], column: header[column] };
      });
    }
  }
}
