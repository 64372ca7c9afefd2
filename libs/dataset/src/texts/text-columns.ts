import type { ColumnProfile, ManifestProfile } from '@tracebloc/ingestor-contract';

/** The characters beyond which a value is a text rather than a name or a code. */
const LONG = 64;

/**
 * Returns the columns of a table that most likely hold texts: those with the first of some lists of usual names that are all
 * there, or else the only long ones, if they are as many as the lists have names.
 */
export function findTextColumns(
  { columns, rows }: ManifestProfile,
  usual: readonly (readonly string[])[],
  label: string | undefined,
): readonly ColumnProfile[] | undefined {
  const texts = columns.filter(
    ({ name, sql, distinct, tags }) => name !== label && !tags && /^(VARCHAR|TEXT)/.test(sql) && distinct > 1,
  );
  const byName = new Map(texts.map((column) => [column.name.trim().toLowerCase(), column]));
  for (const names of usual) {
    const found = names.flatMap((name) => byName.get(name) ?? []);
    if (found.length === names.length) return found;
  }
  const long = texts.filter((column) => isLong(column) && isVaried(column, rows));
  return usual.some(({ length }) => length === long.length) ? long : undefined;
}

const isLong = ({ sql }: ColumnProfile): boolean => sql === 'TEXT' || Number(/\((\d+)\)/.exec(sql)?.[1] ?? 0) > LONG;

/** Whether most values differ, as texts do. */
export const isVaried = ({ distinct, moreDistinct }: ColumnProfile, rows: number): boolean =>
  moreDistinct || distinct * 2 > rows;
