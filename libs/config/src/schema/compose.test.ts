import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject, JsonSchema } from '@tracebloc/ingestor-contract';
import { TASKS } from '../fake.test-support.js';
import { composeSchema, properties } from './compose.js';
import { SCHEMA_ID } from './fields.js';

const schema = composeSchema(TASKS);
const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

const BASE: JsonObject = {
  apiVersion: 'tracebloc.io/v1',
  kind: 'IngestConfig',
  category: 'tabular_classification',
  table: 'churn_train',
  intent: 'train',
  csv: '/data/shared/churn/customers.csv',
  schema: { age: 'INT', plan: 'VARCHAR(32)', monthly: 'FLOAT' },
  label: 'churned',
};
const IMAGES: JsonObject = { ...BASE, category: 'image_classification', images: 'images', schema: { age: 'INT' } };

function without(...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(BASE).filter(([name]) => !names.includes(name)));
}

describe('composeSchema', () => {
  it('is of the 2020-12 dialect and has its published id', () => {
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: SCHEMA_ID });
  });

  it.each<[string, JsonObject]>([
    ['the example of the reference', BASE],
    ['an editor line', { $schema: SCHEMA_ID, ...BASE }],
    ['json', { ...without('csv'), json: 'a.jsonl' }],
    ['a label with its policy', { ...BASE, label: { column: 'churned', policy: 'bucket' } }],
    ['a stated policy', { ...BASE, category: 'tabular_regression', label: { column: 'y', policy: 'passthrough' } }],
    ['a field of the task', { ...BASE, category: 'time_to_event_prediction', time_column: 't' }],
    [
      'an image task',
      { ...IMAGES, target_size: [1, 2], spec: { file_options: { extension: '.png', min_size: [8, 8] } } },
    ],
    ['an image task without schema', { ...without('schema'), category: 'image_classification' }],
    ['a self-supervised task', { ...without('label', 'schema'), category: 'masked_language_modeling', sequences: 's' }],
    [
      'all csv options',
      {
        ...BASE,
        spec: {
          csv_options: {
            chunk_size: 1,
            delimiter: ';',
            quotechar: "'",
            escapechar: null,
            encoding: 'utf-8',
            on_bad_lines: 'warn',
            skip_blank_lines: true,
            na_values: ['-', -999, null],
          },
          validators: [],
          sidecars: [{ field: 'images' }],
          processors: ['x'],
        },
      },
    ],
    ['an unknown file option', { ...IMAGES, spec: { file_options: { colour: 'x' } } }],
    ['data_id', { ...BASE, data_id: { strategy: 'column', column: 'id' } }],
  ])('accepts %s', (_name, document) => {
    validate(document);
    expect(validate.errors).toBeNull();
  });

  it.each<[string, JsonObject]>([
    ['an unknown field', { ...BASE, colour: 'x' }],
    ['an unknown field below spec', { ...BASE, spec: { csv: {} } }],
    ['an unknown csv option', { ...BASE, spec: { csv_options: { sep: ';' } } }],
    ["another task's field", { ...BASE, images: 'images' }],
    ["another task's option", { ...BASE, time_column: 't' }],
    ['an unknown task', { ...BASE, category: 'x' }],
    ['another version', { ...BASE, apiVersion: 'tracebloc.io/v2' }],
    ['csv and json', { ...BASE, json: 'x.json' }],
    ['neither csv nor json', without('csv')],
    [
      'json for a task that accepts csv only',
      { ...without('csv', 'schema'), category: 'image_classification', json: 'x.json' },
    ],
    ['no label', without('label')],
    ['no schema', without('schema')],
    ['a label for a self-supervised task', { ...BASE, category: 'masked_language_modeling' }],
    ['a missing label policy', { ...BASE, category: 'tabular_regression' }],
    ['a table with a space', { ...BASE, table: 'a b' }],
    ['a column without its name', { ...BASE, data_id: { strategy: 'column' } }],
  ])('rejects %s', (_name, document) => {
    expect(validate(document)).toBe(false);
  });

  it('describes every property with an example, for editors', () => {
    const bare: string[] = [];
    const visit = (node: JsonSchema, path: string): void => {
      for (const [name, property] of Object.entries(properties(node))) {
        const described = typeof property.description === 'string' && Array.isArray(property.examples);
        if (!described && !path.includes('then')) bare.push(`${path}/${name}`);
        visit(property, `${path}/${name}`);
      }
    };
    visit({ properties: { ...(schema.properties as JsonObject) } }, '');
    expect(bare).toEqual(['/spec/file_options']);
  });
});
