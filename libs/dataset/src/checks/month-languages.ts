import { foldName, monthNames } from '@tracebloc/ingestor-core';

/** The languages in which names of months are looked for, beside English. */
export const MONTH_LANGUAGES: readonly string[] = ['de', 'fr', 'es', 'it', 'pt', 'nl'];

/** Returns whether a word is the name of a month in English or in one of these languages. */
export function isNameOfMonth(word: string): boolean {
  const name = foldName(word);
  return ['en', ...MONTH_LANGUAGES].some((language) => monthNames(language).has(name));
}
