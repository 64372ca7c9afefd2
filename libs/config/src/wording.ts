import { distance } from 'fastest-levenshtein';
import { listNames as listed, shortenName } from '@tracebloc/ingestor-contract';
import { toJson, type Located } from './located.js';

export { listed };

/** Characters of the longest word that is compared: nobody means another by a longer one. */
const MAX_WORD = 100;

/** The candidate nearest to a word, when it is near enough to be what was meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_WORD) return undefined;
  const wanted = word.toLowerCase();
  const longer = wanted.length > 2 && candidates.find((candidate) => candidate.toLowerCase().startsWith(wanted));
  if (longer) return longer;
  const far = Math.max(1, Math.floor(wanted.length * 0.4));
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const steps = distance(wanted, other);
    // Few people misspell a first letter, and two letters that are swapped count as two steps.
    const rank = other[0] === wanted[0] ? steps - 1.5 : steps;
    if (steps <= far && rank < least) [best, least] = [candidate, rank];
  }
  return best;
}

/** A setting's text in quotes, unless it may be an address that holds a password. */
export function quoteSafely(text: string): string {
  return text.includes('@') ? 'the value' : quote(text);
}

/** A value of a configuration in quotes, on one line and of bounded length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** What stands at a place, for "found ...". */
export function describeValue(node: Located): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string'
    ? `the text ${quote(node.value)}`
    : `the ${typeof node.value} ${shortenName(node.text)}`;
}

/** A value as `config show` prints it. */
export function showValue(value: unknown): string {
  // Control characters, such as a tab that is a delimiter, show as their escapes.
  if (typeof value === 'string') return value.replace(/\p{Cc}/gu, (c) => JSON.stringify(c).slice(1, -1));
  return JSON.stringify(value);
}

export function showNode(node: Located): string {
  return node.kind === 'scalar' ? showValue(node.text) : showValue(toJson(node));
}
