import { compileMoments } from '../checks/time-zone.js';

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
/** The most times of each kind that are kept. A column with more is not judged. */
const LIMIT = 10_000;
/** The months in which clocks are changed. */
const MONTHS: readonly number[] = [2, 3, 8, 9, 10];

/**
 * Time zones whose clocks differ, the likelier first. Of those with the same clock, one stands for all: Europe/Berlin for
 * Europe/Paris too.
 */
const ZONES = [
  ...['Europe/Berlin', 'Europe/London', 'Europe/Athens', 'America/New_York', 'America/Chicago', 'America/Denver'],
  ...['America/Los_Angeles', 'America/Halifax', 'Australia/Sydney', 'Australia/Adelaide', 'Pacific/Auckland'],
];

/** Finds the time zones in which the clock goes back where the times of a column do. */
export class LocalTimes {
  #previous: number | undefined;
  #isOver = false;
  /** Whether a time has an offset, so that its column has no need of a zone. */
  hasOffset = false;
  /** The times before and after each step back. */
  readonly #back: number[] = [];
  readonly #repeated = new Set<number>();
  /** The quarters of the nights in which clocks may be changed. */
  readonly #nights = new Set<number>();

  /** Whether the column has no order in which an hour can come twice, or needs no zone. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Adds the next time as `YYYY-MM-DD HH:MM:SS[.f]`. */
  add(canonical: string, hasOffset: boolean): void {
    if (this.#isOver) return;
    const local = Date.parse(`${canonical.replace(' ', 'T')}Z`);
    const step = this.#previous === undefined ? HOUR : local - this.#previous;
    if (step < 0) this.#back.push(this.#previous!, local);
    else if (step === 0) this.#repeated.add(local);
    this.#previous = local;
    this.#addNight(local);
    const isTooMany = this.#back.length > LIMIT || this.#repeated.size > LIMIT || this.#nights.size > LIMIT;
    this.hasOffset = hasOffset;
    this.#isOver = hasOffset || step < -HOUR || isTooMany;
  }

  #addNight(local: number): void {
    // The first day since 1970 was a Thursday, and clocks are changed on Sundays before four.
    const hour = Math.floor(local / HOUR);
    if (((hour % 24) + 24) % 24 > 3 || (((Math.floor(hour / 24) + 4) % 7) + 7) % 7 !== 0) return;
    if (MONTHS.includes(new Date(local).getUTCMonth())) this.#nights.add(Math.floor(local / QUARTER) * QUARTER);
  }

  /** Returns the zones in which every step back is the end of summer time, and every time exists; none if no time steps back. */
  findZones(): string[] {
    // Times that are only repeated are no evidence if they are repeated at other hours too.
    const evidence = this.#back.length > 0 ? this.#back : [...this.#repeated];
    if (this.#isOver || evidence.length === 0) return [];
    return ZONES.filter((zone) => {
      const momentsOf = compileMoments(zone);
      const isTwice = (local: number) => momentsOf(local).length === 2;
      return evidence.every(isTwice) && [...this.#nights].every((local) => momentsOf(local).length > 0);
    });
  }
}
