/**
 * `npm run bench -- lists` measures commands with 2,000 datasets and 10,000 runs in the catalog. `ingest` is a whole ingest of a
 * sample with 276 rows. `ingest_again` is the same command once more: the start, which finds nothing to do. Each number is
 * the best of the rounds and contains the start of the process.
 *
 * Flags: --only <sqlite,mariadb>  --rows <2000 datasets; five times as many runs>  --rounds <5>
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startMariaDb } from '@tracebloc/ingestor-testing';
import { fillCatalog, openDatabase } from './files/catalog.ts';
import { best, measureProcess, round, type Measurement } from './measure.ts';
import { bin, describe, environment, folder, log, readFlags, root, type Target } from './support.ts';

const storage = join(folder, 'lists');
const samples = join(root, 'plugins/tabular/samples/penguins');

const LISTS: Readonly<Record<string, readonly string[]>> = {
  datasets_list: ['datasets', 'list'],
  datasets_show: ['datasets', 'show', 'penguins_test'],
  runs_list: ['runs', 'list'],
  runs_list_json: ['runs', 'list', '--json'],
  runs_abandoned: ['runs', 'list', '--abandoned'],
};

/** The commands that `lists_slowest_s` is about. */
const GOAL = ['datasets_list', 'datasets_show', 'runs_list', 'ingest_again'];

export async function run(args: string[]): Promise<object> {
  const { only, rows, rounds } = readFlags(args, ['sqlite', 'mariadb'], { rows: 2000, rounds: 5 });
  const result: Record<string, number> = {};
  for (const name of only) {
    rmSync(storage, { recursive: true, force: true });
    mkdirSync(storage, { recursive: true });
    const server = name === 'mariadb' ? await startMariaDb() : undefined;
    try {
      Object.assign(result, await measureCommands(name, { storage, server }, rows, rounds));
    } finally {
      await server?.stop();
      rmSync(storage, { recursive: true });
    }
  }
  const slowest = only.flatMap((name) => GOAL.map((command) => result[`${name}_${command}_s`]!));
  return { lists_slowest_s: Math.max(...slowest), ...result };
}

async function measureCommands(
  name: string,
  target: Target,
  datasets: number,
  rounds: number,
): Promise<Record<string, number>> {
  const env = environment(target);
  const ingest = ['ingest', '--config', join(samples, 'train.yaml')];
  await measureProcess(bin, ['ingest', '--config', join(samples, 'test.yaml')], env);
  log(`Filling the catalog of ${name} …`);
  await fillCatalog(target, datasets, datasets * 5);
  const measured: Partial<Record<string, Measurement[]>> = {};
  for (let index = 0; index < rounds; index++) {
    for (const [command, flags] of Object.entries({ ...LISTS, ingest, ingest_again: ingest })) {
      const measurement = await measureProcess(bin, flags, env);
      log(`round ${index + 1}: ${name} ${command.padEnd(14)} ${describe(measurement)}`);
      (measured[command] ??= []).push(measurement);
    }
    await forget(target);
  }
  return Object.fromEntries(
    Object.entries(measured).flatMap(([command, each]) => {
      const { seconds, processorSeconds } = best(each!);
      return [
        [`${name}_${command}_s`, round(seconds)],
        [`${name}_${command}_processor_s`, round(processorSeconds)],
      ];
    }),
  );
}

/** Removes the dataset that was ingested last, so that the next ingest is a new one. */
async function forget(target: Target): Promise<void> {
  await measureProcess(bin, ['datasets', 'delete', 'penguins_train', '--yes'], environment(target));
  const database = await openDatabase(target);
  await database.query(`DELETE FROM _ingestor_runs WHERE table_name = 'penguins_train'`);
  await database.close();
}
