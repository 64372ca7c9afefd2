import type { Report } from '@tracebloc/ingestor-contract';
import { ClassCheck, GroupStates, type PartialGroupStates } from '@tracebloc/ingestor-dataset';
import { sequenceFindings } from './findings.js';
import type { Time } from './time.js';

/** The most sequences, of about 90 bytes each in memory. */
export const MAX_SEQUENCES = 5_000_000;
/** The most sequences that a shard passes on, so that they fit into one statement of the ledger. */
export const MAX_IN_SHARD = 200_000;
const MAX_CLASSES = 10_000;
const MAX_RECENT = 10_000;

/** The numbers that are kept of a sequence. A label is a number too, and -1 if it is missing. */
const FIELDS = { label: 0, rows: 1, firstRow: 2, first: 3, firstRest: 4, lastRow: 5, last: 6, lastRest: 7 } as const;
const WIDTH = 8;

/** What a shard passes on: its labels, and the numbers of its sequences. */
export type PartialSequences = { labels: string[]; states: PartialGroupStates };

/** Where findings about sequences belong. */
export interface SequencePlaces {
  report: Report;
  file: string;
  /** The names of the columns. The label's is absent if the file does not have it, which is reported elsewhere. */
  id: string;
  time: string;
  label?: string;
}

/** Checks that sequences, which may interleave, have one label and are in the order of time. It keeps eight numbers of each. */
export class SequenceCheck {
  readonly #states = new GroupStates(WIDTH, MAX_SEQUENCES);
  readonly #labels = new Map<string, number>();
  readonly #classes = new ClassCheck();
  readonly #entry = new Float64Array(WIDTH);
  /** The numbers of sequences that were met lately, since finding them by their fingerprints is slow. */
  readonly #recent = new Map<string, Float64Array>();
  #hits = 0;
  #previousId: string | undefined;
  #previous: Float64Array | undefined;
  /** The time of the row as it is written. It is not known of rows of other shards. */
  #written: string | undefined;
  #isReported = false;

  constructor(private readonly places: SequencePlaces) {}

  add(id: string, label: string | null, time: Time, written: string, row: number): void {
    // Rows of one sequence are often next to each other.
    if (id !== this.#previousId) this.#previous = this.#stateOf(id);
    this.#previousId = id;
    this.#written = written;
    const [at, rest] = time;
    const entry = this.#entry;
    entry[FIELDS.label] = this.#labelOf(label);
    entry[FIELDS.rows] = 1;
    entry[FIELDS.firstRow] = entry[FIELDS.lastRow] = row;
    entry[FIELDS.first] = entry[FIELDS.last] = at;
    entry[FIELDS.firstRest] = entry[FIELDS.lastRest] = rest;
    this.#take(this.#previous, entry, label);
  }

  /** Is called after the last row, and returns what `merge` needs. Reports if that is too much. */
  partial(): PartialSequences {
    if (this.#states.count > MAX_IN_SHARD) {
      this.#reportTooMany(`The shard has more than ${MAX_IN_SHARD.toLocaleString('en-US')} sequences.`);
    }
    return { labels: [...this.#labels.keys()], states: this.#states.partial(MAX_IN_SHARD) };
  }

  /** Adds what the next shard passed on, in the order of the shards. */
  merge({ labels, states }: PartialSequences): void {
    this.#written = undefined;
    this.#states.merge(states, (state, entry) => {
      const label = labels[entry[FIELDS.label]!] ?? null;
      entry[FIELDS.label] = this.#labelOf(label);
      this.#take(state, entry, label);
    });
  }

  /** Is called after the last row of the dataset. */
  finish(): void {
    const { report, file, id, label } = this.places;
    const { count } = this.#states;
    if (count === 0) return;
    if (label !== undefined) this.#classes.finish({ report, file, column: label });
    let [single, least, most] = [0, Infinity, 0];
    for (const state of this.#states) {
      const rows = state[FIELDS.rows]!;
      if (rows === 1) single++;
      least = Math.min(least, rows);
      most = Math.max(most, rows);
    }
    const [all, one, min, max] = [count, single, least, most].map((n) => n.toLocaleString('en-US'));
    const lengths = least === most ? `${max} ${most === 1 ? 'row' : 'rows'} each` : `${min} to ${max} rows`;
    report.note?.(`The rows are ${all} ${count === 1 ? 'sequence' : 'sequences'}, of ${lengths}.`);
    if (single === 0) return;
    const message = `${one} of ${all} sequences ${single === 1 ? 'has' : 'have'} only one row.`;
    sequenceFindings.report(report, 'single-row-sequences', () => ({ message, file, column: id }));
  }

  /** Adds rows of a sequence that follow those known of it. */
  #take(state: Float64Array | undefined, entry: Float64Array, label: string | null): void {
    if (!state) {
      this.#reportTooMany(`There are more than ${MAX_SEQUENCES.toLocaleString('en-US')} sequences.`);
      return;
    }
    const { report, file, time, label: column } = this.places;
    const { label: labelAt, rows, firstRow, first, firstRest, lastRow, last, lastRest } = FIELDS;
    if (state[rows] === 0) {
      state.set(entry);
      // A class is counted in sequences.
      if (label !== null) this.#classes.add(label);
      return;
    }
    const row = entry[firstRow]!;
    if (state[labelAt] !== entry[labelAt]) {
      const message = `The label differs from that of the same sequence in row ${state[firstRow]}.`;
      const expected = `the label of row ${state[firstRow]}`;
      sequenceFindings.report(report, 'mixed-label', () => ({
        message,
        file,
        row,
        column,
        value: label ?? '',
        expected,
      }));
    }
    if (entry[first]! < state[last]! || (entry[first] === state[last] && entry[firstRest]! < state[lastRest]!)) {
      const message = `The row is earlier than row ${state[lastRow]}, which is of the same sequence.`;
      const [value, expected] = [this.#written, `no earlier time than in row ${state[lastRow]}`];
      sequenceFindings.report(report, 'unordered-sequence', () => ({
        message,
        file,
        row,
        column: time,
        value,
        expected,
      }));
    }
    state[rows]! += entry[rows]!;
    for (const field of [lastRow, last, lastRest]) state[field] = entry[field]!;
  }

  #stateOf(id: string): Float64Array | undefined {
    const recent = this.#recent.get(id);
    if (recent) {
      this.#hits++;
      return recent;
    }
    const state = this.#states.stateOf(id);
    if (this.#recent.size === MAX_RECENT && this.#hits > 2 * MAX_RECENT) {
      this.#recent.clear();
      this.#hits = 0;
    }
    // Of many sequences of which none comes again soon, few are kept.
    if (state && this.#recent.size < MAX_RECENT) this.#recent.set(copyOf(id), state);
    return state;
  }

  #labelOf(label: string | null): number {
    if (label === null) return -1;
    const known = this.#labels.get(label);
    if (known !== undefined) return known;
    if (this.#labels.size === MAX_CLASSES) {
      this.#reportTooMany(`There are more than ${MAX_CLASSES.toLocaleString('en-US')} classes.`);
      return MAX_CLASSES;
    }
    this.#labels.set(copyOf(label), this.#labels.size);
    return this.#labels.size - 1;
  }

  #reportTooMany(message: string): void {
    if (this.#isReported) return;
    this.#isReported = true;
    const { report, file, id } = this.places;
    sequenceFindings.report(report, 'too-many-sequences', () => ({ message, file, column: id }));
  }
}

/** A substring would keep a piece of the file in memory. */
const copyOf = (text: string): string => Buffer.from(text).toString();
