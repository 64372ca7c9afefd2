/**
 * Decodes the lengths of runs as COCO compresses them: five bits a character from `0` on, the lowest first, and from the
 * fourth run on the difference to the run before the previous one. Returns `undefined` for a text of another form.
 */
export function decodeRuns(text: string): number[] | undefined {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    let factor = 1;
    for (let more = true; more;) {
      const bits = text.charCodeAt(at++) - 48;
      // It is NaN after the end.
      if (!(bits >= 0 && bits < 64) || factor > 2 ** 40) return undefined;
      value += (bits & 31) * factor;
      factor *= 32;
      more = (bits & 32) !== 0;
      if (!more && (bits & 16) !== 0) value -= factor;
    }
    if (counts.length > 2) value += counts[counts.length - 2]!;
    counts.push(value);
  }
  return counts;
}

/** Returns whether runs cover an image of this size exactly. */
export function areRunsOf(counts: readonly unknown[], width: number, height: number): counts is number[] {
  let sum = 0;
  for (const count of counts) {
    if (!Number.isInteger(count) || (count as number) < 0) return false;
    sum += count as number;
  }
  return sum === width * height;
}
