import { MAX_IDENTIFIER_LENGTH, RESERVED_PREFIX } from '@tracebloc/ingestor-core';
import { RESERVED_WORDS } from './reserved-words.js';
import { quote } from '../wording.js';

/** Returns what is wrong with the name of a dataset's table and what to do, or `undefined` for a valid name. */
export function checkTableName(name: string): { message: string; fix: string } | undefined {
  if (name === '') return { message: 'is empty', fix: 'Use a name, for example churn_train.' };
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    const safe = name
      .trim()
      .replace(/[^A-Za-z0-9_-]+/g, '_')
      .slice(0, MAX_IDENTIFIER_LENGTH);
    const hint = /[A-Za-z0-9]/.test(safe) && !checkTableName(safe) ? `, for example ${safe}` : '';
    const message = `${quote(name)} is not a valid table name: it contains characters other than letters, digits, _ and -`;
    return { message, fix: `Use only letters, digits, _ and -${hint}.` };
  }
  if (name.length > MAX_IDENTIFIER_LENGTH) {
    return { message: `the name has ${name.length} characters`, fix: `Use at most ${MAX_IDENTIFIER_LENGTH}.` };
  }
  if (RESERVED_WORDS.has(name.toLowerCase())) {
    return { message: `${quote(name)} is a SQL keyword`, fix: `Add something to it, for example ${name}_data.` };
  }
  if (name.toLowerCase().startsWith(RESERVED_PREFIX)) {
    return { message: 'names that begin with _ingestor_ are reserved for this program', fix: 'Use another name.' };
  }
  return undefined;
}
