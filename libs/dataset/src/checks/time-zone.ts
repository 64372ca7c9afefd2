import type { Check, ValueProblem } from './problem.js';

const QUARTER = 900_000;
const DAY = 86_400_000;
/** The most quarter hours whose offsets are kept. */
const CACHE = 10_000;

/** Whether a text ends with an offset from UTC, and is therefore not a local time. */
export const OFFSET = /\d\d:\d\d.*(?:Z|UTC|[+-]\d\d(?::?\d\d)?)$/;

/**
 * Returns a check that converts local times to UTC. `check` returns them as `YYYY-MM-DD HH:MM:SS[.f]`. Of the two moments of a
 * local time that occurs twice, it takes the one that keeps the order of the column, so the cells must come in their order.
 * `isAtStart` says whether the first cell is the first of the file.
 */
export function compileLocal(check: Check, timeZone: string, isAtStart: () => boolean): Check {
  const momentsOf = compileMoments(timeZone);
  const unreal: ValueProblem = { code: 'unreal-date', expected: `a local time that exists in ${timeZone}` };
  const twice: ValueProblem = {
    code: 'ambiguous-local-time',
    expected: `a time with its offset, or rows in order of time`,
  };
  let previous: number | undefined;
  let [ascends, descends, repeats] = [false, false, false];

  const choose = (first: number, second: number): number | undefined => {
    if (previous === undefined) return isAtStart() ? first : undefined;
    if (ascends && descends) return undefined;
    if (descends) return second < previous || (repeats && second === previous) ? second : first;
    return first > previous || (repeats && first === previous) ? first : second;
  };

  return (text) => {
    const result = check(text);
    if (typeof result !== 'string' || OFFSET.test(text.trim())) return result;
    const [whole, fraction = ''] = result.split('.');
    const [first, second] = momentsOf(Date.parse(`${whole!.replace(' ', 'T')}Z`));
    if (first === undefined) return unreal;
    const moment = second === undefined ? first : choose(first, second);
    if (moment === undefined) return twice;
    if (previous !== undefined && second === undefined) {
      ascends ||= moment > previous;
      descends ||= moment < previous;
      repeats ||= moment === previous;
    }
    previous = moment;
    const utc = new Date(moment).toISOString().slice(0, -'.000Z'.length).replace('T', ' ');
    return fraction === '' ? utc : `${utc}.${fraction}`;
  };
}

/** Returns a function from a local time, as if it were UTC, to its moments: none, one, or two in order. */
export function compileMoments(timeZone: string): (local: number) => readonly number[] {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short' },
  });
  const offsetAt = (moment: number): number => {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const { year, month, day, hour, minute, second } = parts as Record<string, number>;
    return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
  };
  const cache = new Map<number, readonly number[]>();
  const offsetsOf = (quarter: number): readonly number[] => {
    let offsets = cache.get(quarter);
    if (!offsets) {
      const local = quarter * QUARTER;
      const near = new Set([offsetAt(local - DAY), offsetAt(local + DAY)]);
      // The later the offset is from UTC, the earlier is the moment.
      offsets = [...near].filter((offset) => offsetAt(local - offset) === offset).sort((a, b) => b - a);
      if (cache.size >= CACHE) cache.clear();
      cache.set(quarter, offsets);
    }
    return offsets;
  };
  return (local) => offsetsOf(Math.floor(local / QUARTER)).map((offset) => local - offset);
}
