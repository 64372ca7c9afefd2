import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shop, User } from './registry.test-support.js';

/** The name and the task of a format that is not part of this workspace. */
export const FOREIGN = 'ingestor-plugin-foreign';
export const FOREIGN_TASK = 'noise_classification';

const MANIFEST = {
  name: FOREIGN,
  version: '3.1.4',
  type: 'module',
  exports: './hook.js',
  files: ['hook.js', 'samples'],
  oclif: { hooks: { 'ingestor:tasks': './hook.js' } },
  dependencies: { '@tracebloc/ingestor-contract': '^0.1.0', '@tracebloc/ingestor-dataset': '^0.1.0' },
};

/** The plugin is plain JavaScript, as a user would write it against the published packages. */
const HOOK = `
import { IngestorError } from '@tracebloc/ingestor-core';
import {
  CLASS_FINDINGS,
  COLUMN_FINDINGS,
  ClassCheck,
  LABEL_FINDINGS,
  TABLE_FINDINGS,
  TYPE_FINDINGS,
  readRecords,
} from '@tracebloc/ingestor-dataset';

const task = {
  id: '${FOREIGN_TASK}',
  title: 'Noise classification',
  summary: 'Tells what makes a noise from its level.',
  dataFormat: 'tabular',
  label: { use: 'required', statePolicy: false },
  schema: 'required',
  missing: 'tokens',
  allowFeatureModification: false,
  fields: { type: 'object', properties: {}, required: [] },
  fileOptions: { type: 'object', properties: {}, required: [] },
  layout: { manifest: ['csv'], sidecars: [], description: 'One row for each noise.' },
  findings: [...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS, ...CLASS_FINDINGS, ...TABLE_FINDINGS],
  resolve: () => ({}),
  records(context) {
    if (!context.schema.some(({ name }) => name === 'level')) {
      throw new IngestorError({ code: 'no-level', message: 'A noise needs a level.', fix: 'Add the column level.', exitCode: 2 });
    }
    return readRecords(context, new ClassCheck());
  },
  metadata: () => ({}),
};

export default async () => ({ contract: 1, format: 'foreign', tasks: [task] });
`;

const yaml = (table: string, column: string) => `apiVersion: tracebloc.io/v1
kind: IngestConfig
category: ${FOREIGN_TASK}
table: ${table}
intent: train
csv: noises.csv
label: source
schema: { ${column}: FLOAT }
`;

/** Writes the plugin's package into the user's folder, and returns its path. */
export async function writeForeignPlugin(user: User): Promise<string> {
  await user.write('foreign/package.json', JSON.stringify(MANIFEST));
  await user.write('foreign/hook.js', HOOK);
  await user.write('foreign/samples/noises.csv', 'level,pitch,source\n71.5,low,lorry\n40,high,bird\n39.25,high,bird\n');
  await user.write('foreign/samples/train.yaml', yaml('noises', 'level'));
  await user.write('foreign/samples/levelless.yaml', yaml('levelless', 'pitch'));
  return 'foreign';
}

/** Writes a plugin that answers the hook with the expression, and returns its path; `more` goes into its package.json. */
export async function writePlugin(user: User, name: string, answer: string, more: object = {}): Promise<string> {
  const hooks = { 'ingestor:tasks': './hook.js' };
  const manifest = { name, version: '9.9.9', type: 'module', oclif: { hooks }, ...more };
  await user.write(`${name}/package.json`, JSON.stringify(manifest));
  await user.write(`${name}/hook.js`, `export default async () => (${answer});`);
  return name;
}

/** A plugin and a package that it depends on, whose install scripts each write a file when they run. */
export interface PluginWithScripts {
  name: string;
  /** Publishes the plugin with another version. */
  release: (version: string) => Promise<void>;
  /** Returns which scripts have run: `helper`, `plugin`. */
  ran: () => Promise<string[]>;
}

export async function publishWithScripts(
  shop: Shop,
  user: User,
  name: string,
  answer: string,
): Promise<PluginWithScripts> {
  const traces = join(user.folder, `ran-${name}`);
  await mkdir(traces, { recursive: true });
  const scripts = (of: string) => ({ postinstall: `touch ${join(traces, of)}` });
  const helper = `${name}-helper`;
  const manifest = { name: helper, version: '1.0.0', scripts: scripts('helper') };
  await user.write(`${helper}/package.json`, JSON.stringify(manifest));
  await shop.registry.publish(join(user.folder, helper));
  const more = { scripts: scripts('plugin'), dependencies: { [helper]: '1.0.0' } };
  const release = async (version: string) => {
    await shop.registry.publish(join(user.folder, await writePlugin(user, name, answer, { ...more, version })));
  };
  await release('1.0.0');
  return { name, release, ran: async () => (await readdir(traces)).sort() };
}
