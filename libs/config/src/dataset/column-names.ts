import { hasStorableCharacters, isFixedColumn, MAX_IDENTIFIER_LENGTH } from '@tracebloc/ingestor-core';

/** The most features of a table. */
export const MAX_COLUMNS = 4000;

interface NameRule {
  breaks: (name: string) => boolean;
  /** Describes several names that break the rule. */
  message: string;
  /** Describes one such name. */
  reason: string;
  fix: string;
}

/** The rules for a single name. Other rules compare the names of a schema. */
export const NAME_RULES: readonly NameRule[] = [
  {
    breaks: (name) => Array.from(name).length > MAX_IDENTIFIER_LENGTH,
    message: `column names of more than ${MAX_IDENTIFIER_LENGTH} characters`,
    reason: `the name has more than ${MAX_IDENTIFIER_LENGTH} characters`,
    fix: 'Shorten them in the source and in the schema.',
  },
  {
    breaks: (name) => name === '' || name.trim() !== name,
    message: 'column names that are empty, or begin or end with a space',
    reason: 'the name is empty, or begins or ends with a space',
    fix: 'Names are trimmed in the source: write them without the space.',
  },
  {
    breaks: (name) => !hasStorableCharacters(name),
    message: 'column names with a character that the database does not accept in names',
    reason: 'the database does not accept a character of the name',
    fix: 'Rename them, without emoji and other rare characters.',
  },
];

/**
 * Returns the names in a source that no table can have, each with the reason. Of names that differ only in case the first
 * one is valid, and of too many names the first ones.
 */
export function unstorableColumns(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const kept = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    const reason = isFixedColumn(folded)
      ? 'the table of every dataset already has a column of this name'
      : (NAME_RULES.find(({ breaks }) => breaks(name))?.reason ??
        (kept.has(folded) ? 'the name differs from another only in case' : undefined) ??
        (kept.size === MAX_COLUMNS ? `a table can have at most ${MAX_COLUMNS} columns` : undefined));
    if (reason === undefined) kept.add(folded);
    else found.set(name, reason);
  }
  return found;
}
