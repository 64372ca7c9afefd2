import { describe, expect, it } from '@jest/globals';
import { fakeTask, refusalLines, TASKS, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();
const tagging = fakeTask({
  id: 'tagging',
  schema: 'optional',
  label: { use: 'required', statePolicy: false, ownColumn: 'tags' },
  fields: { type: 'object', properties: { text_column: { type: 'string', description: 'It.', examples: ['text'] } } },
  layout: {
    manifest: ['csv'],
    sidecars: [
      { field: 'texts', extensions: ['.txt'], required: true, replacedBy: 'text_column', description: 'Texts.' },
    ],
    description: 'One row for each text.',
  },
});
const YAML = `apiVersion: tracebloc.io/v1
kind: IngestConfig
category: tagging
table: names
intent: train
csv: data.csv
text_column: text
`;
const resolve = (more: string) => place.file(YAML + more, { tasks: [...TASKS, tagging] });
const columnsOf = async (more: string) =>
  (await resolve(more)).config.columns.map(({ name, source, type }) => [name, source, type.sql]);

describe('a label that the table stores in a separate column', () => {
  it('has the place, the name and the type that the schema declares', async () => {
    expect(await columnsOf('label: ner\nschema: {a: INT, ner: TEXT, b: INT}\n')).toEqual([
      ['a', undefined, 'INT'],
      ['ner', undefined, 'TEXT'],
      ['b', undefined, 'INT'],
    ]);
    expect(await columnsOf('label: label\nschema: {label: TEXT}\n')).toEqual([['tags', 'label', 'TEXT']]);
    expect(await columnsOf('label: ner\nschema: {a: INT}\n')).toEqual([['a', undefined, 'INT']]);
  });

  it('is the only column of its name', async () => {
    expect(await refusalLines(resolve('label: label\nschema: {label: TEXT, Tags: INT}\n'))).toEqual([
      'ingest.yaml:9:23 schema: the table stores "label" as tags, so that "Tags" cannot be stored too — Remove Tags from the schema.',
    ]);
  });

  it('is not stored twice for other tasks', async () => {
    const task = { ...tagging, label: { use: 'required', statePolicy: false } as const };
    const { config } = await place.file(`${YAML}label: ner\nschema: {ner: TEXT}\n`, { tasks: [task] });
    expect(config.columns).toEqual([]);
  });
});

it('a folder that a field replaces is not looked for, and is not given with it', async () => {
  expect((await resolve('label: ner\n')).config.source.sidecars).toEqual({});
  place.write('texts/a.txt', 'a');
  expect(await refusalLines(resolve('label: ner\ntexts: texts\n'))).toEqual([
    'ingest.yaml:9:1 texts: texts and text_column are both given — Remove `texts`, or remove `text_column` if each text is a file.',
  ]);
});
