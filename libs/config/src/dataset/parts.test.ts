import { expect, it } from '@jest/globals';
import type { FileTableFormat, TextTableFormat } from '@tracebloc/ingestor-contract';
import { BASE, refusalLines, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();

it('a pattern names the files of a manifest, in natural order, and its folder holds the sidecar folders', async () => {
  for (const name of ['b-10.csv', 'b-9.csv', '_done.csv', '.b-1.csv', 'a/c.csv'])
    place.write(`[x]/${name}`, 'age,plan\n');
  place.write('[x]/conf.yaml', BASE.replace('data.csv', '"**/*.csv"'));
  const { config, values } = await place.run({ flags: { config: '[x]/conf.yaml' } });
  const folder = `${place.folder}/[x]`;
  expect(config.source).toMatchObject({
    format: 'csv',
    path: `${folder}/**/*.csv`,
    parts: [`${folder}/a/c.csv`, `${folder}/b-9.csv`, `${folder}/b-10.csv`],
  });
  expect(values).toContainEqual({ field: 'csv', value: `${folder}/**/*.csv`, origin: '[x]/conf.yaml:6:6' });
});

it('a file whose name looks like a pattern is one file', async () => {
  place.write('d[1].csv', 'age,plan\n');
  const { config } = await place.file(BASE.replace('data.csv', '"d[1].csv"'));
  expect([config.source.path, config.source.parts]).toEqual([`${place.folder}/d[1].csv`, undefined]);
});

it('a pattern that matches no file is a problem', async () => {
  expect(await refusalLines(place.file(BASE.replace('data.csv', 'parts/*.csv')))).toEqual([
    `ingest.yaml:6:6 csv: no file matches "${place.folder}/parts/*.csv" — Correct the pattern: * matches any characters of a name, and ** any folders.`,
  ]);
});

const ARFF: TextTableFormat = {
  kind: 'text',
  name: 'arff',
  title: 'ARFF',
  summary: 'The manifest as ARFF.',
  extensions: ['.arff'],
  options: { type: 'object', properties: { relation: { type: 'string', default: 'first', examples: ['iris'] } } },
  open: () => {
    throw new Error('No file is read here.');
  },
};
const WIDE: FileTableFormat = {
  ...ARFF,
  kind: 'file',
  name: 'wide',
  title: 'WIDE',
  extensions: ['.wide'],
  open: async () => ({ columns: [], rows: 0, read: async function* () {} }),
};

it('a table format of a plugin has its field, its options and its extension', async () => {
  place.write('data.arff', '');
  const tables = [ARFF, WIDE];
  const yaml = BASE.replace('csv: data.csv', 'arff: data.arff');
  expect((await place.file(yaml, { tables })).config.source).toMatchObject({
    format: 'arff',
    table: ARFF,
    tableOptions: { relation: 'first' },
  });
  const { config, values } = await place.file(`${yaml}spec: {arff_options: {relation: second}}\n`, { tables });
  expect(config.source.tableOptions).toEqual({ relation: 'second' });
  expect(values).toContainEqual({
    field: 'spec.arff_options.relation',
    value: 'second',
    origin: expect.stringMatching(/^ingest.yaml:9:/),
  });
  const flagged = await place.file(BASE, { tables, flags: { labelFile: 'data.arff' } });
  expect(flagged.config.source.format).toBe('arff');
});

it('fields and options of a table format are checked, also after formats were installed', async () => {
  place.write('data.arff', '');
  const yaml = BASE.replace('csv: data.csv', 'arff: data.arff');
  expect((await refusalLines(place.file(yaml))).join('\n')).toContain('arff');
  expect((await place.file(yaml, { tables: [ARFF] })).config.source.format).toBe('arff');
  const wrong = `${yaml}spec: {arff_options: {relation: 1, more: 2}}\n`;
  expect(await refusalLines(place.file(wrong, { tables: [ARFF] }))).toHaveLength(2);
  const both = await refusalLines(place.file(`${BASE}arff: data.arff\n`, { tables: [ARFF] }));
  expect(both).toEqual([expect.stringContaining('csv and arff are both given')]);
});

it('options of another format have no effect, which is a warning', async () => {
  place.write('data.arff', '');
  const yaml = BASE.replace('csv: data.csv', 'arff: data.arff');
  const options = `${yaml}spec: {csv_options: {delimiter: ";", na_values: ["-"]}, json_options: {records: data}}\n`;
  const { config } = await place.file(options, { tables: [ARFF] });
  expect(config.warnings).toEqual([
    'spec.csv_options: delimiter apply to CSV only, and the manifest is ARFF.',
    'spec.json_options apply to JSON only, and the manifest is ARFF.',
  ]);
});
