import { distance } from 'fastest-levenshtein';

/** A longer word is not compared. */
const MAX_WORD = 100;
/** No word is compared with more candidates. */
const MAX_CANDIDATES = 10_000;

/** Returns the candidate that a misspelt word most likely means, or `undefined` when none is near enough. Ignores case. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_WORD || candidates.length > MAX_CANDIDATES) return undefined;
  const wanted = word.toLowerCase();
  const longer = wanted.length > 2 && candidates.find((candidate) => candidate.toLowerCase().startsWith(wanted));
  if (longer) return longer;
  const far = Math.max(1, Math.floor(wanted.length * 0.4));
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const steps = isSwapped(wanted, other) ? 1 : distance(wanted, other);
    // Few people misspell the first letter.
    const rank = other[0] === wanted[0] ? steps - 1.5 : steps;
    if (steps <= far && rank < least) [best, least] = [candidate, rank];
  }
  return best;
}

/** Whether two neighbouring letters are swapped, and nothing else differs. */
function isSwapped(word: string, other: string): boolean {
  if (word.length !== other.length) return false;
  const at = word.split('').findIndex((letter, index) => letter !== other[index]);
  if (at < 0) return false;
  return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2) === other;
}
