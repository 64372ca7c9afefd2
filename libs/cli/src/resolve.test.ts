import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { MissingPluginError } from './plugins/missing-plugin.js';
import { resolve } from './resolve.js';

const task: TaskType = {
  id: 'any_table',
  title: 'Any table',
  summary: 'Reads a table.',
  dataFormat: 'tabular',
  label: { use: 'required', statePolicy: false },
  schema: 'required',
  missing: 'tokens',
  allowFeatureModification: false,
  fields: { type: 'object' },
  fileOptions: { type: 'object' },
  layout: { manifest: ['csv', 'json'], sidecars: [], description: 'A row for each record.' },
  findings: [],
  metadata: () => ({}),
  records: async function* () {},
};

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ingestor-cli-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const document = {
  apiVersion: 'tracebloc.io/v1',
  kind: 'IngestConfig',
  category: 'any_table',
  table: 't',
  intent: 'train',
};
const more = { label: 'b', schema: { a: 'INT' } };
const request = { tasks: [task], purpose: 'validate', env: {} } as const;

it('names the plugin of a table format that is not installed, by the field or by the extension of the file', async () => {
  writeFileSync(join(cwd, 'x.parquet'), '');
  const byField = resolve({ ...request, cwd, document: { ...document, ...more, parquet: 'x.parquet' } });
  const byName = resolve({ ...request, cwd, document: { ...document, ...more }, flags: { labelFile: 'x.parquet' } });
  for (const resolution of [byField, byName]) {
    const error = await resolution.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MissingPluginError);
    expect(error).toMatchObject({
      need: { kind: 'table', name: 'parquet' },
      plugin: '@tracebloc/ingestor-plugin-parquet',
      message:
        'The table format parquet comes with the plugin @tracebloc/ingestor-plugin-parquet, which is not installed.',
    });
  }
});

it('passes other problems on', async () => {
  const resolution = resolve({ ...request, cwd, document: { ...document, ...more, csv: 'none.csv', orc: 'x.orc' } });
  await expect(resolution).rejects.toMatchObject({ name: 'ConfigError', code: 'invalid-configuration' });
});
