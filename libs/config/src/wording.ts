import { distance } from 'fastest-levenshtein';
import { toJson, type Located } from './located.js';

/** The candidate nearest to a word, when it is near enough to be what was meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
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
  return typeof node.value === 'string' ? `the text ${quote(node.value)}` : `the ${typeof node.value} ${node.text}`;
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

/** `a`, `a and b`, `a, b and c`; of a long list its beginning and the number left out. */
export function listed(items: readonly string[], most = 12): string {
  if (items.length > most) return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
}
