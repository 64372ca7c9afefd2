import { expect, it } from '@jest/globals';
import { formatYaml } from '@tracebloc/ingestor-config';
import type { JsonSchema, ManifestProfile, TaskType } from '@tracebloc/ingestor-contract';
import { draftDocument } from './draft.js';

const task = { id: 'some_task', summary: 'Some task.', layout: { sidecars: [] } } as unknown as TaskType;
const manifest: ManifestProfile = { path: '/data/a.csv', format: 'csv', rows: 1, columns: [] };

it('lists only some of the columns that are left out, by shortened names', () => {
  const [name, profile] = ['a', { name: 'a', sql: 'INT', textSql: 'VARCHAR(16)', fits: true, missing: 0, words: 0 }];
  const column = { ...profile, distinct: 1, moreDistinct: false, values: ['1'], ascending: true };
  const leftOut = Array.from({ length: 100_000 }, () => ({ name: 'x'.repeat(1000), reason: 'no reason' }));
  const text = formatYaml(
    draftDocument({
      reading: {
        task: { ...task, fields: {}, fileOptions: {} },
        detection: {
          fit: 'certain',
          found: 'a table',
          manifest,
          labels: [],
          schema: [name],
          fields: {},
          fileOptions: {},
        },
      },
      schema: { columns: [{ column, sql: 'INT' }], leftOut },
      ...{ table: 't', intent: 'train', folder: '/data' },
    }),
  );
  expect(text).toContain('and 99950 more columns');
  expect(text.length).toBeLessThan(10_000);
});

it('writes an example, marked as such, for each option that the task requires and the data does not show', () => {
  const required = (name: string, property: object): JsonSchema => ({
    properties: { [name]: property as JsonSchema },
    required: [name],
  });
  const text = formatYaml(
    draftDocument({
      reading: {
        task: {
          ...task,
          fields: required('classes', { type: 'array', description: 'The classes.', examples: [['sky', 'ground']] }),
          fileOptions: required('channels', { enum: [1, 3], description: 'The channels.' }),
        },
        detection: {
          fit: 'certain',
          found: 'a table',
          manifest,
          labels: [],
          schema: [],
          fields: {},
          fileOptions: { extension: '.png' },
        },
      },
      schema: { columns: [], leftOut: [] },
      ...{ table: 't', intent: 'train', folder: '/data' },
    }),
  );
  expect(text).toContain('classes: [ sky, ground ] # An example: put your own value here. The classes.');
  expect(text).toMatch(
    /file_options:\n\s+extension: .png\n\s+channels: 1 # An example: put your own value here. The channels./,
  );
});

it('says what the task says about the options of files', () => {
  const text = formatYaml(
    draftDocument({
      reading: {
        task: { ...task, fields: {}, fileOptions: {} },
        detection: {
          ...{ fit: 'certain', found: 'a table', manifest, labels: [], schema: [], fields: {} },
          fileOptions: { extension: '.text', encoding: 'windows-1251' },
          comments: { encoding: 'the files are not UTF-8, and make words in this encoding' },
        },
      },
      schema: { columns: [], leftOut: [] },
      ...{ table: 't', intent: 'train', folder: '/data' },
    }),
  );
  expect(text).toMatch(
    /file_options:\n\s+extension: .text\n\s+encoding: windows-1251 # the files are not UTF-8, and make words in this encoding/,
  );
});

it('says where the records of a JSON object are', () => {
  const json: ManifestProfile = { ...manifest, path: '/data/a.json', format: 'json', records: 'result.items' };
  const detection = { found: 'a table', manifest: json, labels: [], schema: [], fields: {}, fileOptions: {} };
  const text = formatYaml(
    draftDocument({
      reading: { task: { ...task, fields: {}, fileOptions: {} }, detection: { fit: 'certain', ...detection } },
      schema: { columns: [], leftOut: [] },
      ...{ table: 't', intent: 'train', folder: '/data' },
    }),
  );
  expect(text).toMatch(/json_options:\n.*records: result\.items/);
  expect(text).not.toContain('csv_options');
});
