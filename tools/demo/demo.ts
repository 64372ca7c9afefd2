/**
 * Ingests one dataset of every plugin into the embedded database and shows the resulting datasets. A second run finds the same
 * datasets and changes nothing.
 *
 * Usage: npm run demo [-- --all]
 *   --all  ingests all samples
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const storage = process.env.STORAGE_PATH ?? join(root, '.demo');
/** Leaves out the rest of the caller's environment, which might send the samples to another database. */
const env: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NO_COLOR: process.env.NO_COLOR,
  FORCE_COLOR: process.env.FORCE_COLOR,
  CLIENT_ENV: 'local',
  STORAGE_PATH: storage,
};

const { values: flags } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
const samples = globSync('plugins/*/samples/*/*.yaml', { cwd: root }).sort();
const pluginOf = (config: string): string => config.split(sep)[1]!;
/** Of each plugin its first dataset for training. */
const firsts = [...Map.groupBy(samples, pluginOf).values()].map(
  (ones) => ones.find((one) => basename(one) === 'train.yaml') ?? ones[0]!,
);
const configs = flags.all ? samples : firsts;
for (const config of configs) {
  title(`ingestor ingest ${config}`);
  ingestor('ingest', join(root, config));
}
for (const config of configs) {
  const table = tableOf(config);
  title(`ingestor datasets show ${table}`);
  ingestor('datasets', 'show', table);
}
title('ingestor datasets list');
ingestor('datasets', 'list');
if (!flags.all)
  process.stdout.write(
    `\nThese are ${configs.length} of ${samples.length} samples; \`npm run demo -- --all\` ingests all.\n`,
  );
process.stdout.write(`\nThe rows and the catalog are in ${relative(process.cwd(), storage) || '.'}/.\n`);

function tableOf(config: string): string {
  const { status, stdout } = run(['config', 'show', '--config', join(root, config), '--json'], 'pipe');
  if (status !== 0) process.exit(status ?? 1);
  const { values } = JSON.parse(stdout) as { values: { field: string; value: string }[] };
  return values.find(({ field }) => field === 'table')!.value;
}

function ingestor(...args: string[]): void {
  const { status } = run(args, 'inherit');
  if (status !== 0) process.exit(status ?? 1);
}

function run(args: readonly string[], stdio: 'pipe' | 'inherit'): SpawnSyncReturns<string> {
  return spawnSync('node', [join(root, 'apps/ingestor/bin/run.js'), ...args], {
    cwd: root,
    env,
    stdio,
    encoding: 'utf8',
  });
}

function title(text: string): void {
  process.stdout.write(`\n$ ${text}\n`);
}
