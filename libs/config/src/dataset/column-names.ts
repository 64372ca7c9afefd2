import { hasStorableCharacters, isFixedColumn, MAX_IDENTIFIER_LENGTH } from '@tracebloc/ingestor-core';

/** Features that a table takes. */
export const MAX_COLUMNS = 4000;

interface NameRule {
  breaks: (name: string) => boolean;
  /** What is wrong, of several names. */
  message: string;
  /** The same of one name. */
  reason: string;
  fix: string;
}

/** What the name of a schema's column must not be, whatever the other columns. */
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
    // Neither NUL nor a character beyond the basic plane can stand in a name of MySQL or MariaDB.
    breaks: (name) => !hasStorableCharacters(name),
    message: 'column names with a character that the database does not take in names',
    reason: 'the database does not take a character of the name',
    fix: 'Rename them without emoji and other rare characters.',
  },
];

/**
 * Of the names of a source's columns, those that no table can have, each with the reason. Of names that differ only in
 * case the first is kept, and of too many names the first ones.
 */
export function unstorableColumns(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const kept = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    const reason = isFixedColumn(folded)
      ? "every dataset's table has a column of its own of this name"
      : (NAME_RULES.find(({ breaks }) => breaks(name))?.reason ??
        (kept.has(folded) ? 'the name differs from another only in case' : undefined) ??
        (kept.size === MAX_COLUMNS ? `a table takes at most ${MAX_COLUMNS} columns` : undefined));
    if (reason === undefined) kept.add(folded);
    else found.set(name, reason);
  }
  return found;
}
