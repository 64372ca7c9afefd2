import { hash } from 'node:crypto';
import type { LabelPolicy } from '@tracebloc/ingestor-core';

const BUCKETS = 64n;
const MISSING_BUCKET = -1;

/**
 * Returns a record's label in the form in which it may leave the cluster. With `bucket` this is a number from 0 to 63, or -1
 * for a missing label. A label has the same number in every run of every client, so that training can match them.
 */
export function labelForBackend(label: string | null, policy: LabelPolicy): string | number | null {
  if (policy === 'passthrough') return label;
  if (label === null) return MISSING_BUCKET;
  return Number(hash('sha256', label, 'buffer').readBigUInt64BE() % BUCKETS);
}

/**
 * Returns the classes of a record's label, each with how often, in the form in which they may leave the cluster: `O:3 PER:1`, in
 * the order of the classes. With `bucket` the classes of a bucket are counted together.
 */
export function labelCountsForBackend(counts: ReadonlyMap<string, number>, policy: LabelPolicy): string {
  const leaving = new Map<string | number, number>();
  for (const [label, count] of counts) {
    const key = labelForBackend(label, policy)!;
    leaving.set(key, (leaving.get(key) ?? 0) + count);
  }
  const sorted = [...leaving].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, count]) => `${key}:${count}`).join(' ');
}
