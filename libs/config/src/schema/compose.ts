import { MAX_IDENTIFIER_LENGTH } from '@tracebloc/ingestor-core';
import { SQL_TYPE_NAMES, type JsonObject, type JsonSchema, type TaskType } from '@tracebloc/ingestor-contract';

export const SCHEMA_ID = 'https://tracebloc.io/schemas/ingest.v1.json';
export const API_VERSION = 'tracebloc.io/v1';
export const KIND = 'IngestConfig';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** `closed` sets these keywords itself. */
const OWN_KEYWORDS = ['$schema', '$id', 'type', 'title', 'description', 'properties', 'required'];
const CLOSING_KEYWORDS = ['additionalProperties', 'unevaluatedProperties'];

const size = (description: string, example: number[]): JsonSchema => ({
  type: 'array',
  description,
  items: { type: 'integer', minimum: 1 },
  minItems: 2,
  maxItems: 2,
  examples: [example],
});

const character = (description: string, ...examples: string[]): JsonSchema => ({
  type: 'string',
  description,
  minLength: 1,
  examples,
});

const CSV_OPTIONS: JsonObject = {
  chunk_size: {
    type: 'integer',
    minimum: 1,
    description:
      'How much of the file is read at a time, in bytes. Changes memory and speed, never the result; from 65536 to 16777216 is used.',
    examples: [1_048_576],
  },
  delimiter: character('The one character between fields; `\\t` is a tab. Default: a comma.', ',', ';', '\\t', '|'),
  quotechar: character('The one character around fields that hold a delimiter. Default: a double quote.', '"', "'"),
  escapechar: {
    type: ['string', 'null'],
    minLength: 1,
    description: 'The one character before a quote inside a quoted field. Default: the quote itself, doubled.',
    examples: ['\\'],
  },
  encoding: { type: 'string', description: "The file's encoding: UTF-8, with or without a BOM.", examples: ['utf-8'] },
  on_bad_lines: {
    enum: ['error', 'warn'],
    description: 'Rows of another width: `error` (default) stops the run, `warn` skips and counts them.',
    examples: ['warn'],
  },
  skip_blank_lines: {
    type: 'boolean',
    description: 'Whether empty lines are ignored. Default: true.',
    examples: [false],
  },
  na_values: {
    type: 'array',
    items: { type: ['string', 'number', 'boolean', 'null'] },
    description: "Cell texts that mean a missing value, beside the task's own.",
    examples: [['-', '?', '-999']],
  },
};

/** The file options of every task. A task's own definition of a name wins. */
const FILE_OPTIONS: JsonObject = {
  target_size: size('Width and height of the images in pixels; wins over the top level.', [256, 256]),
  extension: {
    enum: ['.jpg', '.jpeg', '.png', '.txt', '.text', '.xml'],
    description: 'The one extension of the files.',
    examples: ['.jpg'],
  },
  min_size: size('Least width and height of an image in pixels. Default: [32, 32].', [32, 32]),
};

const list = (description: string, example: JsonObject): JsonSchema => ({
  type: 'array',
  description,
  examples: [[example]],
});

const LABEL: JsonSchema = {
  description: "The label's column: its name, or a mapping that also states the policy.",
  anyOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      properties: {
        column: { type: 'string', minLength: 1, description: "The label's column.", examples: ['churned'] },
        policy: {
          enum: ['passthrough', 'bucket'],
          description:
            'What the backend gets: `passthrough` (default) the label, `bucket` one of 64 hash buckets. The table contains the label in both cases.',
          examples: ['bucket'],
        },
      },
      required: ['column'],
      additionalProperties: false,
    },
  ],
  examples: ['churned', { column: 'price', policy: 'bucket' }],
};

const DATA_ID: JsonSchema = {
  type: 'object',
  description: 'Where the id of a record comes from.',
  properties: {
    strategy: {
      enum: ['uuid', 'column', 'content_hash'],
      description:
        '`uuid` (default) derives one from the run and the row, `content_hash` from what the record holds; `column` takes a column, whose values then leave the cluster.',
      examples: ['content_hash'],
    },
    column: {
      type: 'string',
      minLength: 1,
      description: 'The column of strategy `column`.',
      examples: ['customer_id'],
    },
  },
  additionalProperties: false,
  if: { properties: { strategy: { const: 'column' } }, required: ['strategy'] },
  then: { required: ['column'] },
  examples: [{ strategy: 'content_hash' }],
};

function specSchema(fileOptions: JsonSchema): JsonSchema {
  return {
    type: 'object',
    description: 'How the files are read.',
    properties: {
      csv_options: {
        type: 'object',
        description: 'How the CSV is written.',
        properties: CSV_OPTIONS,
        additionalProperties: false,
        examples: [{ delimiter: ';', na_values: ['-'] }],
      },
      file_options: fileOptions,
      validators: list('Advanced: extra or fewer checks.', { name: 'labels', enabled: false }),
      sidecars: list('Advanced: explicit folders of files.', { field: 'images', path: 'img/' }),
      processors: list('Advanced: record processors.', { name: 'strip' }),
    },
    additionalProperties: false,
    examples: [{ csv_options: { delimiter: ';' } }],
  };
}

/** The fields that every task has. */
function commonProperties(category: JsonSchema, fileOptions: JsonSchema): JsonObject {
  return {
    $schema: { type: 'string', description: 'Where editors find this schema.', examples: [SCHEMA_ID] },
    apiVersion: { const: API_VERSION, description: 'The version of this file format.', examples: [API_VERSION] },
    kind: { const: KIND, description: 'The kind of this document.', examples: [KIND] },
    category,
    table: {
      type: 'string',
      description: `The dataset's table: letters, digits, _ and -, at most ${MAX_IDENTIFIER_LENGTH} characters, no SQL keyword alone.`,
      pattern: '^[A-Za-z0-9_-]+$',
      maxLength: MAX_IDENTIFIER_LENGTH,
      examples: ['churn_train'],
    },
    intent: { enum: ['train', 'test'], description: 'What the dataset is for.', examples: ['train'] },
    csv: {
      type: 'string',
      minLength: 1,
      description: "The manifest as CSV: labels and, for tabular tasks, the features. Relative to this file's folder.",
      examples: ['/data/shared/churn/customers.csv'],
    },
    json: {
      type: 'string',
      minLength: 1,
      description: 'The manifest as a JSON array of objects, or as JSON lines, instead of `csv`.',
      examples: ['customers.jsonl'],
    },
    label: LABEL,
    schema: {
      type: 'object',
      description: `Column to SQL type: ${SQL_TYPE_NAMES.join(', ')}; with a length or precision where the type has one.`,
      minProperties: 1,
      additionalProperties: { type: 'string' },
      examples: [{ age: 'INT', plan: 'VARCHAR(32)', monthly: 'FLOAT' }],
    },
    data_id: DATA_ID,
    spec: specSchema(fileOptions),
  };
}

const REQUIRED = ['apiVersion', 'kind', 'category', 'table', 'intent'];

/** The top-level fields that only this task has. */
function taskProperties(task: TaskType): JsonObject {
  const folders = task.layout.sidecars.map(({ field, description }): [string, JsonSchema] => [
    field,
    { type: 'string', minLength: 1, description: `Folder. ${description}`, examples: [`/data/shared/${field}`] },
  ]);
  return { ...Object.fromEntries(folders), ...properties(task.fields) };
}

function taskRequired(task: TaskType): string[] {
  return [
    ...(task.label.use === 'required' ? ['label'] : []),
    ...(task.schema === 'required' ? ['schema'] : []),
    ...required(task.fields),
  ];
}

/** The closed schema of one task's `spec.file_options`. */
function fileOptionsSchema(task: TaskType): JsonSchema {
  return closed({ ...FILE_OPTIONS, ...properties(task.fileOptions) }, required(task.fileOptions), task.fileOptions);
}

/**
 * Returns the schema for documents of this task. It is that of `composeSchema` without the branches of other tasks, which
 * would only add errors. Other checks, with better messages, cover the rules about several fields (csv or json, the label
 * policy), the name of the table and the columns.
 */
export function taskSchema(task: TaskType): JsonSchema {
  const common = lenient(commonProperties({ const: task.id }, fileOptionsSchema(task)));
  if (task.label.use === 'forbidden') delete common.label;
  return closed({ ...common, ...taskProperties(task) }, [...REQUIRED, ...taskRequired(task)], task.fields);
}

/** Returns the schema for documents with an unknown task. It checks the common fields and allows others. */
export function openSchema(): JsonSchema {
  const common = commonProperties({ type: 'string', examples: ['tabular_classification'] }, { type: 'object' });
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
export function composeSchema(tasks: readonly TaskType[]): JsonSchema {
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
    properties: commonProperties(category, { type: 'object', description: "The task's options for its files." }),
    required: REQUIRED,
    oneOf: [{ required: ['csv'] }, { required: ['json'] }],
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
