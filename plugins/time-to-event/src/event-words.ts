import type { JsonValue } from '@tracebloc/ingestor-contract';
import { comparable } from './options.js';

/** Words by which tables say whether the event was seen, and the words that mean the opposite. */
const PAIRS: readonly [event: string, censored: string][] = [
  ['true', 'false'],
  ['t', 'f'],
  ['yes', 'no'],
  ['y', 'n'],
  ['dead', 'alive'],
  ['deceased', 'alive'],
  ['died', 'survived'],
  ['deceased', 'living'],
  ['event', 'censored'],
  ['failed', 'running'],
  ['churned', 'active'],
];

/** Words in the name of a column whose 1 usually means that the event was not seen. */
const INVERSE_NAMES = ['censored', 'censoring', 'censor', 'cens', 'alive', 'living', 'survived', 'survivor', 'active'];

/** Words that mean the event whatever the name of their column is. */
const PLAIN: readonly string[] = ['dead', 'deceased', 'died', 'event', 'failed', 'churned'];

/** How a column says whether the event was seen. */
export interface Meaning {
  /** `event_values`; absent if 1 is the event and 0 is not. */
  values?: { event: JsonValue; censored: JsonValue };
  /** A sentence about what only the names and the custom decide. */
  doubt?: string;
}

/** Returns what the values of a column mean, or `undefined` if they are not two usual ones. */
export function meaningOf(name: string, values: readonly string[]): Meaning | undefined {
  const found = [...new Set(values.map(comparable))].sort();
  const has = (...ones: string[]) => found.length === 2 && ones.every((one) => found.includes(one));
  const doubt = 'by its name, its true value means that there was no event.';
  if (has('0', '1')) return isInverseName(name) ? { values: { event: 0, censored: 1 }, doubt } : {};
  if (has('1', '2')) {
    const custom = 'the larger number is read as the event and the smaller as censored, as tables from R have it.';
    return { values: { event: 2, censored: 1 }, doubt: custom };
  }
  const [event, censored] = PAIRS.find((pair) => has(...pair)) ?? [];
  if (event === undefined || censored === undefined) return undefined;
  const read = (text: string): JsonValue => (['true', 'false'].includes(text) ? text === 'true' : text);
  if (PLAIN.includes(event) || !isInverseName(name))
    return { values: { event: read(event), censored: read(censored) } };
  return { values: { event: read(censored), censored: read(event) }, doubt };
}

/** Returns how to declare an event column of this name that has this value. */
export function howToDeclare(name: string, value: string): string {
  const text = value.trim().toLowerCase();
  const number = Number(text);
  if (text === '2' || number === 2) {
    return 'If the column has 1 and 2, as tables from R do, 1 usually means censored and 2 that the event was seen: set `event_values: { event: 2, censored: 1 }`. If it has 0, 1 and 2, list what counts as the event, for example `event_values: { event: [1, 2], censored: 0 }`.';
  }
  const [event, censored] = PAIRS.find((pair) => pair.includes(text)) ?? [];
  if (event === undefined) {
    return 'Say what the values mean, for example `event_values: { event: 2, censored: 1 }`, or write 1 if the event was seen and 0 if it was not (censored).';
  }
  const isInverse = isInverseName(name) && !PLAIN.includes(event);
  const [seen, unseen] = isInverse ? [censored, event] : [event, censored];
  return `If ${seen} means that the event was seen, set \`event_values: { event: ${seen}, censored: ${unseen} }\`. If it means the opposite, exchange the two.`;
}

/** Whether the name says that 1 means censored, as `alive` does. */
export function isInverseName(name: string): boolean {
  return wordsOf(name).some((word) => INVERSE_NAMES.includes(word));
}

/** Returns the words of a name: `DEATH_EVENT` and `deathEvent` are `death` and `event`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}
