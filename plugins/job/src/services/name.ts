import { createHash } from 'node:crypto';
import { wrongUsage } from './wrong-usage.js';

/** A Job's name is the value of a label of its pods too. */
const MAX_LENGTH = 63;

/** `churn_train` as `ingest-churn-train`; one that is too long ends in a hash, so that two of them do not meet. */
export function nameOfTable(table: string): string {
  const safe = table
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const name = `ingest-${safe === '' ? hash(table) : safe}`;
  return name.length <= MAX_LENGTH ? name : `${name.slice(0, MAX_LENGTH - 9).replace(/-$/, '')}-${hash(table)}`;
}

/** Throws where Kubernetes would not take the name. */
export function checkName(name: string, flag: string): string {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= MAX_LENGTH) return name;
  throw wrongUsage(
    `${flag}: "${name}" is no name for it in Kubernetes.`,
    `Use up to ${MAX_LENGTH} lower-case letters, digits and -, with a letter or digit at both ends.`,
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
