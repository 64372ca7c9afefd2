import { deflateSync, inflateSync } from 'node:zlib';
import type { Report } from '@tracebloc/ingestor-contract';
import { ClassCheck, NameNumbers } from '@tracebloc/ingestor-dataset';
import { sequenceFindings } from './findings.js';
import type { Time } from './time.js';

/** The most sequences, of about 90 bytes each in memory. */
export const MAX_SEQUENCES = 5_000_000;
/** The most sequences that a shard passes on, so that they fit into one statement of the ledger. */
export const MAX_IN_SHARD = 200_000;
const MAX_CLASSES = 10_000;

/** The numbers that are kept of a sequence. A label is a number too, and -1 if it is missing. */
const FIELDS = { label: 0, rows: 1, firstRow: 2, first: 3, firstRest: 4, lastRow: 5, last: 6, lastRest: 7 } as const;
const WIDTH = 8;
/** The number of sequences in a piece of memory. Pieces are never copied. */
const PIECE = 1 << 14;

/** What a shard passes on: its labels, and the fingerprints and numbers of its sequences, compressed. */
export type PartialSequences = { labels: string[]; ids: string; states: string };

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
  readonly #ids = new NameNumbers();
  readonly #labels = new Map<string, number>();
  readonly #classes = new ClassCheck();
  readonly #pieces: Float64Array[] = [];
  readonly #entry = new Float64Array(WIDTH);
  #previousId: string | undefined;
  #previous: Float64Array | undefined;
  /** The time of the row as it is written. It is not known of rows of other shards. */
  #written: string | undefined;
  #isReported = false;

  constructor(private readonly places: SequencePlaces) {}

  add(id: string, label: string | null, time: Time, written: string, row: number): void {
    // Rows of one sequence are often next to each other.
    if (id !== this.#previousId) this.#previous = this.#known(this.#ids.numberOf(id, MAX_SEQUENCES));
    this.#previousId = id;
    this.#written = written;
    const [at, rest] = time;
    const entry = this.#entry;
    entry[FIELDS.label] = this.#labelOf(label);
    entry[FIELDS.rows] = 1;
    entry[FIELDS.firstRow] = entry[FIELDS.lastRow] = row;
    entry[FIELDS.first] = entry[FIELDS.last] = at;
    entry[FIELDS.firstRest] = entry[FIELDS.lastRest] = rest;
    if (this.#previous) this.#take(this.#previous, entry, label);
  }

  /** Is called after the last row, and returns what `merge` needs. Reports if that is too much. */
  partial(): PartialSequences {
    const { count } = this.#ids;
    if (count > MAX_IN_SHARD)
      this.#reportTooMany(`The shard has more than ${MAX_IN_SHARD.toLocaleString('en-US')} sequences.`);
    const size = Math.min(count, MAX_IN_SHARD);
    const ids = new Uint32Array(2 * size);
    // Numbers of one kind are next to each other, which compresses well.
    const states = new Float64Array(WIDTH * size);
    for (let number = 0; number < size; number++) {
      ids.set(this.#ids.fingerprintOf(number), 2 * number);
      this.#stateOf(number).forEach((value, field) => (states[field * size + number] = value));
    }
    return { labels: [...this.#labels.keys()], ids: packed(ids), states: packed(states) };
  }

  /** Adds what the next shard passed on, in the order of the shards. */
  merge({ labels, ids: packedIds, states: packedStates }: PartialSequences): void {
    const ids = new Uint32Array(unpacked(packedIds));
    const states = new Float64Array(unpacked(packedStates));
    const size = ids.length / 2;
    this.#written = undefined;
    for (let index = 0; index < size; index++) {
      for (let field = 0; field < WIDTH; field++) this.#entry[field] = states[field * size + index]!;
      const label = labels[this.#entry[FIELDS.label]!] ?? null;
      this.#entry[FIELDS.label] = this.#labelOf(label);
      const found = this.#ids.numberOfFingerprint(ids[2 * index]!, ids[2 * index + 1]!, MAX_SEQUENCES);
      const state = this.#known(found);
      if (state) this.#take(state, this.#entry, label);
    }
  }

  /** Is called after the last row of the dataset. */
  finish(): void {
    const { report, file, id, label } = this.places;
    const { count } = this.#ids;
    if (count === 0) return;
    if (label !== undefined) this.#classes.finish({ report, file, column: label });
    let [single, least, most] = [0, Infinity, 0];
    for (let number = 0; number < count; number++) {
      const rows = this.#stateOf(number)[FIELDS.rows]!;
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
  #take(state: Float64Array, entry: Float64Array, label: string | null): void {
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

  /** Returns the numbers that are kept of a sequence. */
  #stateOf(number: number): Float64Array {
    const piece = (this.#pieces[Math.floor(number / PIECE)] ??= new Float64Array(WIDTH * PIECE));
    const from = WIDTH * (number % PIECE);
    return piece.subarray(from, from + WIDTH);
  }

  #labelOf(label: string | null): number {
    if (label === null) return -1;
    const known = this.#labels.get(label);
    if (known !== undefined) return known;
    if (this.#labels.size === MAX_CLASSES) {
      this.#reportTooMany(`There are more than ${MAX_CLASSES.toLocaleString('en-US')} classes.`);
      return MAX_CLASSES;
    }
    // It must be a copy: a substring would keep a piece of the file in memory.
    this.#labels.set(Buffer.from(label).toString(), this.#labels.size);
    return this.#labels.size - 1;
  }

  /** Returns what is kept of a sequence. Reports that there are too many if it has no number. */
  #known(number: number | undefined): Float64Array | undefined {
    if (number !== undefined) return this.#stateOf(number);
    this.#reportTooMany(`There are more than ${MAX_SEQUENCES.toLocaleString('en-US')} sequences.`);
    return undefined;
  }

  #reportTooMany(message: string): void {
    if (this.#isReported) return;
    this.#isReported = true;
    const { report, file, id } = this.places;
    sequenceFindings.report(report, 'too-many-sequences', () => ({ message, file, column: id }));
  }
}

function packed({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): string {
  return deflateSync(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)).toString('base64');
}

/** Returns a copy whose beginning is aligned. */
function unpacked(text: string): ArrayBuffer {
  return new Uint8Array(inflateSync(Buffer.from(text, 'base64'))).buffer;
}
