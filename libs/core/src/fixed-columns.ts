/** The columns that the table of every dataset begins with, in their order. */
export const FIXED_COLUMNS = [
  'id',
  'created_at',
  'updated_at',
  'status',
  'label',
  'data_intent',
  'data_id',
  'filename',
  'extension',
  'annotation',
  'ingestor_id',
] as const;
export type FixedColumn = (typeof FIXED_COLUMNS)[number];

const NAMES: ReadonlySet<string> = new Set(FIXED_COLUMNS);

/** The name must be in lower case. */
export function isFixedColumn(name: string): name is FixedColumn {
  return NAMES.has(name);
}
