import { StepTally, type Pair, type Regularity, type TallyState } from './step-tally.js';

const DAY = 86_400_000;
const SHORTEST_MONTH = 28 * DAY;
/** The least share of whole months among the steps of a series by the month. */
const MONTHS = 0.9;
/** A Monday, in milliseconds since 1970. */
const MONDAY = 4 * DAY;

export type StepsState = {
  first: [value: string, row: number];
  last: string;
  steps: TallyState;
  months: TallyState;
  /** Is `null` if some moment is at a weekend. */
  weekdays: TallyState | null;
};

/** How the moments of a series follow each other. */
export interface Frequency extends Regularity {
  /** `ms` are milliseconds, and `weekday` are milliseconds without weekends. */
  unit: 'ms' | 'month' | 'weekday';
}

/** Finds the frequency of moments in ascending order, in bounded memory. Moments that repeat count once. */
export class Steps {
  #first: [value: string, row: number] | undefined;
  #last: Moment | undefined;
  readonly #steps = new StepTally();
  readonly #months = new StepTally();
  #weekdays: StepTally | null = new StepTally();
  #isOrdered = true;
  readonly #reader = new MomentReader();

  /** `value` is as the table holds it: `YYYY-MM-DD[ HH:MM:SS[.ffffff]]`. */
  add(value: string, row: number): void {
    this.#first ??= [value, row];
    const last = this.#last;
    if (last?.value === value) return;
    const moment = (this.#last = this.#reader.read(value));
    if (moment.weekday === undefined) this.#weekdays = null;
    if (!last) return;
    const step = rounded(moment.time - last.time);
    if (step <= 0) {
      this.#isOrdered = false;
      return;
    }
    const pair = (): Pair => [last.value, value, row];
    this.#steps.add(step, pair);
    if (step >= SHORTEST_MONTH) {
      const months = monthsBetween(last.time, moment.time);
      if (months !== undefined) this.#months.add(months, pair);
    }
    this.#weekdays?.add(rounded(moment.weekday! - last.weekday!), pair);
  }

  /** Returns `undefined` if there was no moment. */
  state(): StepsState | undefined {
    if (!this.#first || !this.#last) return undefined;
    return {
      first: this.#first,
      last: this.#last.value,
      steps: this.#steps.state(),
      months: this.#months.state(),
      weekdays: this.#weekdays && this.#weekdays.state(),
    };
  }

  /** Adds the moments of the next shard, in the order of the shards. */
  merge({ first: [value, row], last, steps, months, weekdays }: StepsState): void {
    this.add(value, row);
    this.#last = this.#reader.read(last);
    this.#steps.merge(steps);
    this.#months.merge(months);
    if (!weekdays) this.#weekdays = null;
    else this.#weekdays?.merge(weekdays);
  }

  /** Whether there are enough moments to judge, in ascending order. */
  get isJudged(): boolean {
    return this.#isOrdered && this.#steps.count >= 4;
  }

  /** Returns `undefined` if the steps differ too much. */
  frequency(): Frequency | undefined {
    if (!this.isJudged) return undefined;
    if (this.#months.count >= MONTHS * this.#steps.count && this.#steps.shortest >= SHORTEST_MONTH) {
      const months = this.#months.regularity();
      return months && { ...months, unit: 'month' };
    }
    const plain = this.#steps.regularity();
    const weekdays = plain && plain.step <= DAY ? this.#weekdays?.regularity() : undefined;
    if (plain && weekdays && weekdays.gaps < plain.gaps) return { ...weekdays, unit: 'weekday' };
    return plain && { ...plain, unit: 'ms' };
  }
}

/** Rounds to microseconds. */
const rounded = (ms: number): number => (Number.isInteger(ms) ? ms : Math.round(ms * 1000) / 1000);

/** Describes a step: `every 15 minutes`, `every month`, `every weekday`. */
export function describeStep({ step, unit }: Pick<Frequency, 'step' | 'unit'>): string {
  if (unit === 'month') return step % 12 === 0 ? every(step / 12, 'year') : every(step, 'month');
  if (unit === 'weekday' && step === DAY) return 'every weekday';
  const suffix = unit === 'weekday' ? ' on weekdays' : '';
  return every(...inUnits(step)) + suffix;
}

const UNITS: readonly [name: string, ms: number][] = [
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

function inUnits(step: number): [count: number, unit: string] {
  const [name, ms] =
    UNITS.find(([, length]) => step % length === 0) ?? (step < 1000 ? ['millisecond', 1] : ['second', 1000]);
  return [step / ms, name];
}

const every = (count: number, unit: string): string => (count === 1 ? `every ${unit}` : `every ${count} ${unit}s`);

interface Moment {
  value: string;
  /** Milliseconds since 1970, with decimals for microseconds. */
  time: number;
  /** The same without all weekends before; `undefined` at a weekend. */
  weekday: number | undefined;
}

/** Reads moments. Those of one day share the work for the day, since this is called for each row. */
class MomentReader {
  #day = '';
  #time = 0;
  /** What weekends before the day take away; `undefined` at a weekend. */
  #weekends: number | undefined;

  read(value: string): Moment {
    if (this.#day === '' || !value.startsWith(this.#day)) this.#readDay(value);
    const time = this.#time + clockOf(value);
    return { value, time, weekday: this.#weekends === undefined ? undefined : time - this.#weekends };
  }

  #readDay(value: string): void {
    this.#day = value.slice(0, 10);
    this.#time = Date.UTC(100 * digits(value, 0) + digits(value, 2), digits(value, 5) - 1, digits(value, 8));
    const days = (this.#time - MONDAY) / DAY;
    const weeks = Math.floor(days / 7);
    this.#weekends = days - 7 * weeks > 4 ? undefined : 2 * DAY * weeks;
  }
}

/** Returns the milliseconds since midnight. */
function clockOf(value: string): number {
  if (value.length < 19) return 0;
  const seconds = 3600 * digits(value, 11) + 60 * digits(value, 14) + digits(value, 17);
  return 1000 * (value.length === 19 ? seconds : seconds + Number(`0${value.slice(19)}`));
}

/** Returns the number of two digits. */
const digits = (text: string, at: number): number => 10 * (text.charCodeAt(at) - 48) + text.charCodeAt(at + 1) - 48;

/** Returns the whole months between two moments of the same day of the month, or of its last day, and the same time. */
function monthsBetween(from: number, to: number): number | undefined {
  const [one, other] = [new Date(from), new Date(to)];
  if ((((to - from) % DAY) + DAY) % DAY !== 0) return undefined;
  const isSame = one.getUTCDate() === other.getUTCDate() || (isLastDay(from) && isLastDay(to));
  if (!isSame) return undefined;
  return 12 * (other.getUTCFullYear() - one.getUTCFullYear()) + other.getUTCMonth() - one.getUTCMonth();
}

const isLastDay = (time: number): boolean => new Date(time + DAY).getUTCDate() === 1;
