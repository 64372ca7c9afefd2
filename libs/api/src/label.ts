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
