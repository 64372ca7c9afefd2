import { hash } from 'node:crypto';
import type { LabelPolicy } from '@tracebloc/ingestor-core';

const BUCKETS = 64n;
const MISSING_BUCKET = -1;

/**
 * A record's label in the form in which it may leave the cluster. `bucket` gives 0 to 63, and -1 for a missing label;
 * the number is the same in every run and for every client, so that training can match buckets across clients.
 */
export function labelForBackend(label: string | null, policy: LabelPolicy): string | number | null {
  if (policy === 'passthrough') return label;
  if (label === null) return MISSING_BUCKET;
  return Number(hash('sha256', label, 'buffer').readBigUInt64BE() % BUCKETS);
}
