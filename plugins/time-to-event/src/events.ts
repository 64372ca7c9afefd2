import { type JsonValue, parseSqlType } from '@tracebloc/ingestor-contract';
import { type CellLocation, type LabelCheck, compileCheck } from '@tracebloc/ingestor-dataset';
import { timeToEventFindings } from './findings.js';

const readInteger = compileCheck(parseSqlType('TINYINT'));

/** Returns a whole number in its shortest form: `1` for `1.0`. Other texts stay as they are. */
export function eventOf(label: string): string {
  const event = readInteger(label);
  return typeof event === 'string' ? event : label;
}

/** Checks labels that say whether the event was seen. */
export class EventCheck implements LabelCheck {
  readonly #seen = new Set<'0' | '1'>();
  #failed = false;

  add(label: string, row: number, { report, file, column }: CellLocation): void {
    const event = eventOf(label);
    if (event === '0' || event === '1') {
      this.#seen.add(event);
      return;
    }
    this.#failed = true;
    const message = 'The event must be 0 or 1.';
    timeToEventFindings.report(report, 'not-an-event', () => {
      return { message, file, row, column, value: label, expected: '0 or 1' };
    });
  }

  /** Returns the events that were seen. A shard with other values makes the dataset invalid without this. */
  partial(): string[] {
    return [...this.#seen];
  }

  merge(partial: JsonValue): void {
    for (const event of partial as ('0' | '1')[]) this.#seen.add(event);
  }

  finish({ report, file, column }: CellLocation): void {
    // If other values are events too, neither is known to be absent.
    if (this.#failed) return;
    if (!this.#seen.has('0')) {
      const message = 'No row is censored: the event column holds no 0.';
      timeToEventFindings.report(report, 'no-censored', () => ({ message, file, column, expected: 'both 0 and 1' }));
    }
    if (!this.#seen.has('1')) {
      const message = 'No row has the event: the event column holds no 1.';
      timeToEventFindings.report(report, 'no-event', () => ({ message, file, column, expected: 'both 0 and 1' }));
    }
  }
}
