import { isFixedColumn, shortenName } from '@tracebloc/ingestor-core';
import { type Column, type JsonSchema, parseSqlType, type TaskType } from '@tracebloc/ingestor-contract';
import { problemAt } from '../errors.js';
import { findMap, findText, type LocatedMap } from '../yaml/located.js';
import type { ConfigProblem } from '../types.js';
import { quote } from '../wording.js';
import type { Columns } from './columns.js';

/** The field that names the column of file names, for every task with folders. */
export const FILENAME_FIELD = 'filename_column';

const DEFAULT_FILENAME = 'filename';

export const FILENAME_SCHEMA: JsonSchema = {
  type: 'string',
  minLength: 1,
  description: "The column that names each row's file, with or without its extension. Default: `filename`.",
  examples: ['image_id'],
};

/** Returns the column that names each row's file, or `undefined` for a task without folders. */
export function readFilename(root: LocatedMap, task: TaskType): string | undefined {
  if (task.layout.sidecars.length === 0) return undefined;
  return findText(root, [FILENAME_FIELD]) ?? DEFAULT_FILENAME;
}

/** Returns the names under which the table stores columns, by the names in the schema in lower case, where they differ. */
export function storedNamesOf(task: TaskType | undefined, options: unknown): ReadonlyMap<string, string> {
  const names = options === undefined ? undefined : task?.storedNames?.(options);
  return new Map(Object.entries(names ?? {}).map(([name, stored]) => [name.toLowerCase(), stored]));
}

/**
 * Returns the names, in lower case, of columns of the schema that the table does not have under their own name, so that it may
 * be one that every table has.
 */
export function freedNames(
  task: TaskType | undefined,
  options: unknown,
  stored: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const types = options === undefined ? {} : (task?.storedTypes?.(options) ?? {});
  const unstored = Object.keys(types).filter((name) => types[name] === null);
  return new Set([...stored.keys(), ...unstored.map((name) => name.toLowerCase())]);
}

/** Adds the columns that the task stores even if the schema does not list them. */
export function withOwnColumns({ schema, columns }: Columns, task: TaskType | undefined): Columns {
  const listed = new Set(schema.map(({ name }) => name.toLowerCase()));
  const own = Object.entries(task?.ownColumns ?? {})
    .filter(([name]) => !listed.has(name.toLowerCase()))
    .map(([name, sql]): Column => ({ name, type: parseSqlType(sql) }));
  return own.length === 0 ? { schema, columns } : { schema: [...schema, ...own], columns: [...columns, ...own] };
}

/** Gives the stored columns the types that the task demands, and leaves out those that it does not store. */
export function withStoredTypes({ schema, columns }: Columns, task: TaskType, options: unknown): Columns {
  if (!task.storedTypes) return { schema, columns };
  const types = new Map(Object.entries(task.storedTypes(options)).map(([name, sql]) => [name.toLowerCase(), sql]));
  const stored = columns.flatMap((column): Column[] => {
    const sql = types.get(column.name.toLowerCase());
    if (sql === undefined) return [column];
    return sql === null ? [] : [{ ...column, type: parseSqlType(sql) }];
  });
  return { schema, columns: stored };
}

/**
 * Adds the label's column to the stored ones, if the schema declares it and the task wants the table to have it; see
 * `LabelRule.ownColumn`.
 */
export function withLabelColumn(
  { schema, columns }: Columns,
  { label: { ownColumn } }: TaskType,
  label: string | undefined,
): Columns {
  const declared = ownColumn === undefined ? undefined : schema.find(({ name }) => name === label);
  if (!declared || columns.includes(declared)) return { schema, columns };
  const isFixed = isFixedColumn(declared.name.toLowerCase());
  const own: Column = isFixed ? { ...declared, name: ownColumn!, source: declared.name } : declared;
  const stored = schema.flatMap((column) => (column === declared ? [own] : columns.includes(column) ? [column] : []));
  return { schema, columns: stored };
}

/** Reports columns that would be stored under one name. */
export function checkLabelColumn({ columns }: Columns, root: LocatedMap, problems: ConfigProblem[]): void {
  const own = columns.find(({ source }) => source !== undefined);
  const twin = columns.find((one) => one !== own && one.name.toLowerCase() === own?.name.toLowerCase());
  if (!own || !twin) return;
  const node = findMap(root, ['schema']) ?? root;
  const message = `the table stores ${quote(own.source!)} as ${own.name}, so that ${quote(twin.name)} cannot be stored too`;
  const fix = `Remove ${shortenName(twin.name)} from the schema.`;
  problems.push(problemAt(node.entries.get(twin.name)?.keyOrigin ?? node.origin, 'schema', message, fix));
}

/** Gives the stored columns the names that the task demands. Two columns of one name are a problem. */
export function withStoredNames(
  { schema, columns }: Columns,
  names: ReadonlyMap<string, string>,
  root: LocatedMap,
  problems: ConfigProblem[],
): Columns {
  const renamed = columns.map((column): Column => {
    const stored = names.get(column.name.toLowerCase());
    if (stored === undefined || stored === column.name) return column;
    const twin = columns.find((other) => other !== column && other.name.toLowerCase() === stored.toLowerCase());
    if (!twin) return { ...column, name: stored, source: column.name };
    const node = findMap(root, ['schema']) ?? root;
    const origin = node.entries.get(twin.name)?.keyOrigin ?? node.origin;
    const message = `the table stores ${quote(column.name)} as ${stored}, so that ${quote(twin.name)} cannot be stored too`;
    problems.push(problemAt(origin, 'schema', message, `Remove ${shortenName(twin.name)} from the schema.`));
    return column;
  });
  return { schema, columns: renamed };
}
