import { type JsonValue, type SqlType, parseSqlType } from '@tracebloc/ingestor-contract';
import { type CellLocation, type LabelCheck, compileCheck } from '@tracebloc/ingestor-dataset';
import { howToDeclare, isInverseName } from './event-words.js';
import { timeToEventFindings } from './findings.js';
import { comparable, type EventValues } from './options.js';

const readInteger = compileCheck(parseSqlType('TINYINT'));
const readBoolean = compileCheck(parseSqlType('BOOLEAN'));

/** A larger share of rows with the event is doubted. */
const DOUBTFUL_RATE = 0.9;
/** The fewest rows of which it is. */
const MIN_ROWS = 20;

export type Event = '0' | '1';
type ReadEvent = (label: string) => Event | undefined;

/** Returns the reader of labels. `type` is that of the label, if the schema declares it. */
export function compileEvents(declared: EventValues | undefined, type?: SqlType): ReadEvent {
  if (!declared) {
    return (label) => {
      const event = readInteger(label);
      return event === '0' || event === '1' ? event : undefined;
    };
  }
  const events = new Map<string, Event>();
  const add = (texts: readonly string[], event: Event): void => {
    for (const text of texts) {
      events.set(comparable(text), event);
      // Labels that are declared BOOLEAN are 0 and 1 here, whatever the file has.
      const bit = type?.kind === 'boolean' ? readBoolean(text) : undefined;
      if (typeof bit === 'string') events.set(bit, event);
    }
  };
  add(declared.event, '1');
  add(declared.censored, '0');
  return (label) => events.get(label) ?? events.get(comparable(label));
}

/** Checks labels that say whether the event was seen. */
export class EventCheck implements LabelCheck {
  readonly #counts = { '0': 0, '1': 0 };
  #failed = false;
  readonly #read: ReadEvent;

  constructor(
    private readonly declared?: EventValues,
    type?: SqlType,
  ) {
    this.#read = compileEvents(declared, type);
  }

  add(label: string, row: number, { report, file, column }: CellLocation): void {
    const event = this.#read(label);
    if (event !== undefined) {
      this.#counts[event]++;
      return;
    }
    this.#failed = true;
    const { declared } = this;
    timeToEventFindings.report(report, 'not-an-event', () => {
      const about = { file, row, column, value: label };
      if (!declared) {
        const message = 'The event must be 0 or 1, or `event_values` must say what the values mean.';
        return { ...about, message, expected: '0 or 1', fix: howToDeclare(column, label) };
      }
      const expected = `${declared.event.join(' or ')} (event), or ${declared.censored.join(' or ')} (censored)`;
      const fix = 'Add the value to `event_values`, below `event` or `censored`, or correct it.';
      return { ...about, message: 'The event is not one of `event_values`.', expected, fix };
    });
  }

  /** Returns how often each event was seen. A shard with other values makes the dataset invalid without this. */
  partial(): number[] {
    return [this.#counts[0], this.#counts[1]];
  }

  merge(partial: JsonValue): void {
    for (const [index, part] of (partial as (number | Event)[]).entries()) {
      // Shards of earlier versions passed on the events that were seen, and not how often.
      if (typeof part === 'string') this.#counts[part] = NaN;
      else this.#counts[index === 0 ? '0' : '1'] += part;
    }
  }

  finish(location: CellLocation): void {
    // If other values are events too, neither is known to be absent.
    if (this.#failed) return;
    const { report, file, column } = location;
    const { 0: censored, 1: events } = this.#counts;
    const expected = this.declared ? 'both values of `event_values`' : 'both 0 and 1';
    if (censored === 0) {
      const why = this.declared ? 'no label is one of `event_values.censored`' : 'the event column holds no 0';
      const message = `No row is censored: ${why}.`;
      timeToEventFindings.report(report, 'no-censored', () => ({ message, file, column, expected }));
    }
    if (events === 0) {
      const why = this.declared ? 'no label is one of `event_values.event`' : 'the event column holds no 1';
      const message = `No row has the event: ${why}.`;
      timeToEventFindings.report(report, 'no-event', () => ({ message, file, column, expected }));
    }
    if (censored !== 0 && events !== 0 && !this.declared) this.#doubt(location, events, events + censored);
  }

  /** Reports labels in which 1 may mean censored. */
  #doubt({ report, file, column }: CellLocation, events: number, rows: number): void {
    const isMany = rows >= MIN_ROWS && events > DOUBTFUL_RATE * rows;
    if (!isMany && !isInverseName(column)) return;
    timeToEventFindings.report(report, 'doubtful-event', () => ({
      message: isInverseName(column)
        ? 'The label 1 is read as the event, but by its name the column says with 1 that there was none.'
        : `The label 1 is read as the event, and ${Math.floor((100 * events) / rows)} % of the rows have it: 1 may mean censored.`,
      file,
      column,
    }));
  }
}
