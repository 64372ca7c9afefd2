import { basename, dirname, extname, relative, resolve } from 'node:path';
import {
  API_VERSION,
  type CommentedField,
  CommentedMap,
  FILENAME_FIELD,
  FILENAME_SCHEMA,
  KIND,
  type Placeholder,
  placeholdersOf,
} from '@tracebloc/ingestor-config';
import type { ColumnProfile, JsonObject, JsonValue, TaskType } from '@tracebloc/ingestor-contract';
import { shortenName } from '@tracebloc/ingestor-core';
import { plural } from '@tracebloc/ingestor-cli';
import { describeColumn } from './choose.js';
import type { Reading } from './fit.js';
import type { DraftSchema } from './schema.js';

export interface Draft {
  reading: Reading;
  schema: DraftSchema;
  label?: string;
  labelPolicy?: string;
  table: string;
  intent: string;
  /** Absolute; paths in the file are relative to it. */
  folder: string;
}

/** The most columns that are listed as left out, with the reason. */
const MAX_LISTED = 50;

/** Words of file names that name a part of a dataset, not its subject. */
const PARTS = ['train', 'training', 'test', 'testing', 'data', 'dataset', 'labels', 'label', 'manifest', 'index'];

/** Guesses the intent of the dataset from the name of the file. */
export function guessIntent(path: string): string {
  return words(path).some((word) => word.startsWith('test')) ? 'test' : 'train';
}

/** Returns a name for the table from the name of the file, or of its folder, and the intent: `churn_train`. */
export function guessTable(path: string, intent: string): string {
  const about = words(path).filter((word) => !PARTS.includes(word));
  const name = about.length > 0 ? about : words(dirname(path));
  return [...(name.length > 0 ? name : ['dataset']), intent].join('_').slice(-64);
}

function words(path: string): string[] {
  const file = basename(path).replace(/\.gz$/i, '');
  const name = basename(file, extname(file)).toLowerCase();
  return name.split(/[^a-z0-9]+/).filter((word) => word !== '');
}

/** Returns the document with comments that say what each field is and what was found. It contains no value of the data. */
export function draftDocument(draft: Draft): CommentedMap {
  const { reading, label, table, intent, folder, schema } = draft;
  const { task, detection } = reading;
  const { manifest } = detection;
  const seen = new Map(manifest.columns.map((column) => [column.name, column]));
  const fields: CommentedField[] = [
    { name: 'apiVersion', value: API_VERSION },
    { name: 'kind', value: KIND },
    { name: 'category', value: task.id, comment: `the task: ${lowerFirst(task.summary)}` },
    { name: 'table', value: table, comment: "the dataset's name" },
    { name: 'intent', value: intent, comment: 'train or test' },
    {
      name: manifest.format,
      value: relative(folder, manifest.path) || '.',
      comment: manifest.rows > 0 ? plural(manifest.rows, 'row') : undefined,
    },
    ...taskFields(draft),
  ];
  if (label !== undefined) {
    fields.push({
      name: 'label',
      value: labelValue(draft, label),
      comment: detection.comments?.label ?? describeColumn(seen.get(label)!),
    });
  }
  if (schema.columns.length > 0) fields.push(schemaField(schema));
  fields.push(
    ...specField(reading, [
      ...schema.columns.map(({ column }) => column.name),
      ...(label === undefined ? [] : [label]),
    ]),
  );
  const below = schema.columns.length === 0 ? listLeftOut(schema) : [];
  const comment = [
    `Written by \`ingestor init\`, which found ${detection.found}.`,
    ...(manifest.doubts ?? []),
    ...below,
  ];
  return new CommentedMap(fields, comment.join('\n'));
}

function labelValue({ labelPolicy }: Draft, label: string): JsonValue {
  return labelPolicy === undefined ? label : { column: label, policy: labelPolicy };
}

function schemaField(schema: DraftSchema): CommentedField {
  const fields = schema.columns.map(({ column, sql }) => {
    return { name: column.name, value: sql, ...(isCounted(column) && { comment: describeColumn(column) }) };
  });
  const below = listLeftOut(schema);
  const value = new CommentedMap(fields, below.length > 0 ? below.join('\n') : undefined);
  return { name: 'schema', value, comment: 'The columns to store and their types.' };
}

/** Whether the values of a column were counted. */
const isCounted = ({ distinct, moreDistinct }: ColumnProfile): boolean => distinct > 0 || !moreDistinct;

/** Returns the lines of a comment that says which columns are left out, and why. */
function listLeftOut({ leftOut }: DraftSchema): string[] {
  const lines = leftOut
    .slice(0, MAX_LISTED)
    .map(({ name, reason }) => `  ${JSON.stringify(shortenName(name))}: ${reason}`);
  if (leftOut.length > MAX_LISTED) lines.push(`  and ${leftOut.length - MAX_LISTED} more columns`);
  return lines.length > 0 ? ['Left out:', ...lines] : [];
}

/** Returns the fields of the task. Folders are paths relative to the file. */
function taskFields({ reading: { task, detection }, folder }: Draft): CommentedField[] {
  const root = dirname(detection.manifest.path);
  const found = Object.entries(detection.fields).map(([name, value]) => {
    const sidecar = task.layout.sidecars.find(({ field }) => field === name);
    const isFolder = sidecar !== undefined && typeof value === 'string';
    return {
      name,
      value: isFolder ? relative(folder, resolve(root, value)) : value,
      comment: detection.comments?.[name] ?? sidecar?.description ?? descriptionOf(task, name),
    };
  });
  return [...found, ...placeholdersOf(task.fields, detection.fields).map(placeholderField)];
}

/** Returns a field whose value the user must replace, since the data does not show it. */
function placeholderField({ name, value, description }: Placeholder): CommentedField {
  return { name, value, comment: `An example: put your own value here. ${description}`.trimEnd() };
}

function descriptionOf(task: TaskType, field: string): string | undefined {
  const properties = task.fields.properties as Record<string, JsonObject> | undefined;
  const property = properties?.[field] ?? (field === FILENAME_FIELD ? FILENAME_SCHEMA : undefined);
  return typeof property?.description === 'string' ? property.description : undefined;
}

/** `columns` are those that the file names, as the schema's or the label's. */
function specField(
  { task, detection: { manifest, fileOptions, comments = {} } }: Reading,
  columns: readonly string[],
): CommentedField[] {
  const fields: CommentedField[] = [];
  const options = (manifest.options ?? []).flatMap(({ name, value, reason }): CommentedField[] => {
    const known = withoutOtherColumns(value, columns);
    return known === undefined ? [] : [{ name, value: known, comment: reason }];
  });
  if (options.length > 0) fields.push({ name: 'csv_options', value: new CommentedMap(options) });
  if (manifest.records !== undefined) {
    const comment = 'The file is one object, and its records are in this array.';
    const records = new CommentedMap([{ name: 'records', value: manifest.records, comment }]);
    fields.push({ name: 'json_options', value: records });
  }
  if (manifest.tableOptions) {
    const own = manifest.tableOptions.map(({ name, value, reason }) => ({ name, value, comment: reason }));
    fields.push({ name: `${manifest.format}_options`, value: new CommentedMap(own) });
  }
  const placeholders = placeholdersOf(task.fileOptions, fileOptions).map(placeholderField);
  const known = Object.entries(fileOptions).map(([name, value]) => ({ name, value, comment: comments[name] }));
  if (placeholders.length > 0 || known.some(({ comment }) => comment !== undefined)) {
    fields.push({ name: 'file_options', value: new CommentedMap([...known, ...placeholders]) });
  } else if (known.length > 0) {
    fields.push({ name: 'file_options', value: fileOptions });
  }
  return fields.length > 0
    ? [{ name: 'spec', value: new CommentedMap(fields), comment: 'How the files are read.' }]
    : [];
}

/** Returns an option without the columns that the file does not name, or `undefined` if nothing is left of it. */
function withoutOtherColumns(value: JsonValue, columns: readonly string[]): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([name]) => columns.includes(name));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
