import type { JsonObject, JsonSchema, TableFormat, TaskType } from '@tracebloc/ingestor-contract';
import { FILENAME_FIELD, FILENAME_SCHEMA } from '../dataset/named-columns.js';
import { commonProperties, FILE_OPTIONS, SCHEMA_ID } from './fields.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** `closed` sets these keywords itself. */
const OWN_KEYWORDS = ['$schema', '$id', 'type', 'title', 'description', 'properties', 'required'];
const CLOSING_KEYWORDS = ['additionalProperties', 'unevaluatedProperties'];

const REQUIRED = ['apiVersion', 'kind', 'category', 'table', 'intent'];

/** The top-level fields that not every task has, by their names. */
export function taskProperties(task: TaskType): JsonObject {
  const folders = task.layout.sidecars.map(({ field, description }): [string, JsonSchema] => [
    field,
    { type: 'string', minLength: 1, description: `Folder. ${description}`, examples: [`/data/shared/${field}`] },
  ]);
  const filename: JsonObject = folders.length > 0 ? { [FILENAME_FIELD]: FILENAME_SCHEMA } : {};
  return { ...Object.fromEntries(folders), ...filename, ...properties(task.fields) };
}

function taskRequired(task: TaskType): string[] {
  return [
    ...(task.label.use === 'required' ? ['label'] : []),
    ...(task.schema === 'required' ? ['schema'] : []),
    ...required(task.fields),
  ];
}

/** The schema of one task's `spec.file_options`. It allows others, since files that exist have some: they have no effect. */
function fileOptionsSchema(task: TaskType): JsonSchema {
  const own = { ...FILE_OPTIONS, ...properties(task.fileOptions) };
  return { ...closed(own, required(task.fileOptions), task.fileOptions), additionalProperties: true };
}

/**
 * Returns the schema for documents of this task. It is that of `composeSchema` without the branches of other tasks, which
 * would only add errors. Other checks, with better messages, cover the rules about several fields (csv or json, the label
 * policy), the name of the table and the columns.
 */
export function taskSchema(task: TaskType, tables: readonly TableFormat[] = []): JsonSchema {
  const common = lenient(commonProperties({ const: task.id }, fileOptionsSchema(task), tables));
  if (task.label.use === 'forbidden') delete common.label;
  return closed({ ...common, ...taskProperties(task) }, [...REQUIRED, ...taskRequired(task)], task.fields);
}

/** Returns the schema for documents with an unknown task. It checks the common fields and allows others. */
export function openSchema(tables: readonly TableFormat[] = []): JsonSchema {
  const category: JsonSchema = { type: 'string', examples: ['tabular_classification'] };
  const common = commonProperties(category, { type: 'object' }, tables);
  return { type: 'object', properties: lenient(common), required: REQUIRED };
}

/** Removes what `checkTableName` and `readColumns` check. */
function lenient(common: JsonObject): JsonObject {
  const { pattern: _pattern, maxLength: _maxLength, ...table } = properties({ properties: common }).table!;
  const { additionalProperties: _types, ...schema } = properties({ properties: common }).schema!;
  return { ...common, table, schema };
}

/**
 * Composes the JSON Schema (2020-12) of `ingest.yaml`, version 1, from the installed tasks: it has the common fields and
 * those of each task. It rejects unknown fields. Every property has a description and examples, for editors.
 */
export function composeSchema(tasks: readonly TaskType[], tables: readonly TableFormat[] = []): JsonSchema {
  const category: JsonSchema = {
    enum: tasks.map(({ id }) => id),
    description: ['The task:', ...tasks.map(({ id, summary }) => `- \`${id}\`: ${summary}`)].join('\n'),
    examples: tasks.slice(0, 1).map(({ id }) => id),
  };
  return {
    $schema: DIALECT,
    $id: SCHEMA_ID,
    title: 'ingest.yaml, version 1',
    description: 'One dataset to ingest: its task, its table and where its files lie.',
    type: 'object',
    properties: commonProperties(
      category,
      { type: 'object', description: "The task's options for its files." },
      tables,
    ),
    required: REQUIRED,
    oneOf: ['csv', 'json', ...tables.map(({ name }) => name)].map((name) => ({ required: [name] })),
    allOf: tasks.map((task) => ({
      if: { properties: { category: { const: task.id } }, required: ['category'] },
      then: taskBranch(task),
    })),
    unevaluatedProperties: false,
  };
}

function taskBranch(task: TaskType): JsonSchema {
  const own = taskProperties(task);
  if (task.label.use === 'forbidden') own.label = false;
  if (task.label.statePolicy) own.label = { type: 'object', required: ['column', 'policy'] };
  own.spec = { properties: { file_options: fileOptionsSchema(task) } };
  const manifests = (['csv', 'json'] as const).filter((format) => !task.layout.manifest.includes(format));
  for (const format of manifests) own[format] = false;
  const more = furtherKeywords(task.fields);
  return { properties: own, required: taskRequired(task), ...(more && { allOf: [more] }) };
}

/** Returns the schema of an object with exactly these properties and the other keywords of the task's schema. */
function closed(props: JsonObject, needed: readonly string[], source: JsonSchema): JsonSchema {
  const more = furtherKeywords(source);
  const description = typeof source.description === 'string' && { description: source.description };
  return {
    type: 'object',
    ...description,
    properties: props,
    required: [...needed],
    additionalProperties: false,
    ...(more && { allOf: [more] }),
  };
}

function furtherKeywords(source: JsonSchema): JsonSchema | undefined {
  const rest = Object.entries(source).filter(([key]) => ![...OWN_KEYWORDS, ...CLOSING_KEYWORDS].includes(key));
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
}

/** Returns the schemas of the properties by their names. */
export function properties(schema: JsonSchema): Record<string, JsonSchema> {
  const found = schema.properties;
  return typeof found === 'object' && found && !Array.isArray(found) ? (found as Record<string, JsonSchema>) : {};
}

function required(schema: JsonSchema): string[] {
  return Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
}
