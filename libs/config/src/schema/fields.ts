import { MAX_IDENTIFIER_LENGTH } from '@tracebloc/ingestor-core';
import {
  SQL_TYPE_NAMES,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  type TableFormat,
} from '@tracebloc/ingestor-contract';
import { CSV_OPTIONS, JSON_OPTIONS } from './text-options.js';

export const SCHEMA_ID = 'https://tracebloc.io/schemas/ingest.v1.json';
export const API_VERSION = 'tracebloc.io/v1';
export const KIND = 'IngestConfig';

const size = (description: string, example: number[]): JsonSchema => ({
  type: 'array',
  description,
  items: { type: 'integer', minimum: 1 },
  minItems: 2,
  maxItems: 2,
  examples: [example],
});

/** The file options of every task. A task's own definition of a name wins. */
export const FILE_OPTIONS: JsonObject = {
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
            'What the backend receives: `passthrough` (default) the label, `bucket` one of 64 hash buckets. The table contains the label in both cases.',
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
        '`uuid` (default) derives one from the run and the row, `content_hash` from the content of the record; `column` copies it from a column, whose values then leave the cluster.',
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

/** The options of each table format that is not built in. */
function tableOptions(tables: readonly TableFormat[]): JsonObject {
  const entries = tables.map(({ name, title, options }) => {
    const properties = (options.properties ?? {}) as Record<string, JsonObject>;
    const examples = Object.entries(properties).map(([key, { examples: own }]) => ({
      [key]: (own as JsonValue[])[0]!,
    }));
    const description = `How the file of the format ${title} is read.`;
    return [
      `${name}_options`,
      { type: 'object', description, properties, additionalProperties: false, examples: [examples[0] ?? {}] },
    ];
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** The fields that name a manifest of a format that is not built in. */
function tableFields(tables: readonly TableFormat[]): JsonObject {
  const entries = tables.map(({ name, summary, extensions: [extension = ''] }) => {
    return [name, { type: 'string', minLength: 1, description: summary, examples: [`data${extension}`] }];
  });
  return Object.fromEntries(entries) as JsonObject;
}

function specSchema(fileOptions: JsonSchema, tables: readonly TableFormat[]): JsonSchema {
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
      json_options: {
        type: 'object',
        description: 'How the JSON is written.',
        properties: JSON_OPTIONS,
        additionalProperties: false,
        examples: [{ records: 'data' }],
      },
      ...tableOptions(tables),
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
export function commonProperties(
  category: JsonSchema,
  fileOptions: JsonSchema,
  tables: readonly TableFormat[] = [],
): JsonObject {
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
      description:
        "The manifest as CSV, plain or gzipped: labels and, for tabular tasks, the features. A pattern such as `parts/*.csv.gz` names several files, which are one table. Relative to this file's folder.",
      examples: ['/data/shared/churn/customers.csv'],
    },
    json: {
      type: 'string',
      minLength: 1,
      description:
        'The manifest as a JSON array of objects, or as JSON lines, instead of `csv`; plain or gzipped, or a pattern.',
      examples: ['customers.jsonl'],
    },
    ...tableFields(tables),
    label: LABEL,
    other_manifests: {
      type: 'array',
      description:
        'Other manifests that name files of the same folders, such as the other half of a split. They are written as this one, and their files are not reported as unnamed.',
      items: { type: 'string', minLength: 1 },
      examples: [['labels.test.csv']],
    },
    schema: {
      type: 'object',
      description: `Column to SQL type: ${SQL_TYPE_NAMES.join(', ')}; with a length or precision if the type has one.`,
      minProperties: 1,
      additionalProperties: { type: 'string' },
      examples: [{ age: 'INT', plan: 'VARCHAR(32)', monthly: 'FLOAT' }],
    },
    data_id: DATA_ID,
    spec: specSchema(fileOptions, tables),
  };
}
