import { unstorableColumns } from '@tracebloc/ingestor-config';
import { type ColumnProfile, parseSqlType, resolveOptions } from '@tracebloc/ingestor-contract';
import type { Reading } from './fit.js';

/** The most bytes that the VARCHARs of a row may have. MySQL allows 65,535 for a row, which has fixed columns too. */
const MAX_ROW_BYTES = 60_000;

/** Matches the name of a column that pandas, or R's readr, gives to an index without a name. */
const INDEX = /^(?:Unnamed: 0(?:\.\d+)?|\.\.\.1)$/;

export interface SchemaColumn {
  column: ColumnProfile;
  sql: string;
}

/** A column that is left out, why, and what to do if it should be stored. */
export interface LeftOut {
  name: string;
  reason: string;
  fix?: string;
}

export interface DraftSchema {
  columns: SchemaColumn[];
  /** Columns that the table cannot have, with the reason. */
  leftOut: LeftOut[];
}

/** Returns the columns to store beside the label, with types that fit every value. */
export function draftSchema({ task, detection }: Reading, label: string | undefined): DraftSchema {
  const { ownColumn } = task.label;
  // The label is in the schema only for a task that stores it in a separate column too.
  const wanted = new Set(detection.schema.filter((name) => name !== label || ownColumn !== undefined));
  const profiles = detection.manifest.columns.filter(({ name }) => wanted.has(name));
  const options = resolveOptions(task, { fields: detection.fields, fileOptions: detection.fileOptions });
  const stored: Record<string, string> = { ...task.storedNames?.(options) };
  if (ownColumn !== undefined && label !== undefined) stored[label] ??= ownColumn;
  const types = task.storedTypes?.(options) ?? {};
  const own = profiles.filter(({ name }) => types[name] !== null);
  const reasons = unstorableColumns(own.map(({ name }) => stored[name] ?? name));
  for (const { name, fits, ascending } of profiles) {
    if (ascending && INDEX.test(name)) reasons.set(name, 'it is the index of the rows, as pandas or R writes it');
    if (name !== label && name.toLowerCase() === label?.toLowerCase())
      reasons.set(name, "the name differs from the label's only in case");
    if (!fits) reasons.set(name, 'it contains a text of more than 65,535 bytes, which no type allows');
  }
  const columns = profiles
    .filter(({ name }) => !reasons.has(name))
    .map((column) => {
      const isText = task.missing === 'empty' && column.words > 0;
      return { column, sql: isText ? column.textSql : column.sql };
    });
  return {
    columns: withinRow(columns),
    leftOut: [...(detection.manifest.leftOut ?? []), ...[...reasons].map(([name, reason]) => ({ name, reason }))],
  };
}

/** Replaces every VARCHAR by TEXT if they do not fit into a row together. */
function withinRow(columns: SchemaColumn[]): SchemaColumn[] {
  const bytes = columns.reduce((sum, { sql }) => sum + 4 * (parseSqlType(sql).length ?? 0), 0);
  if (bytes <= MAX_ROW_BYTES) return columns;
  return columns.map(({ column, sql }) => ({ column, sql: sql.startsWith('VARCHAR') ? 'TEXT' : sql }));
}
