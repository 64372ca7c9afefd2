import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type Ended, type Env, type Row, type World } from '@tracebloc/ingestor-testing/command';

export const shardFlags = (index: number, count: number) => ['--shards', `${count}`, '--shard-index', `${index}`];

/** Returns the rows, files, catalog entry and backend's record of a dataset, without what differs from run to run. */
export async function datasetOf(world: World, table: string): Promise<unknown> {
  const rows = await world.rows(table);
  const prefixes = new Set(rows.map(({ data_id: id }) => (id as string).slice(0, -12)));
  expect(prefixes.size).toBe(1);
  const [entry] = (await world.mariaDb.sql(
    `SELECT * FROM ${world.database}._ingestor_datasets WHERE table_name = '${table}'`,
  )) as Row[];
  const { runId, labels, ...known } = world.backend.tables[table]!;
  expect(entry).toMatchObject({ run_id: runId, records: rows.length });
  return {
    rows: rows.map(({ created_at: _c, updated_at: _u, ingestor_id: _r, data_id: id, ...row }) => ({
      ...row,
      ordinal: parseInt((id as string).slice(-12), 16),
    })),
    files: filesOf(join(world.storage, table)),
    labels: [...labels].map(([id, label]) => [parseInt(id.slice(-12), 16), label]),
    catalog: { ...entry, created_at: 0, run_id: 0, title: 0 },
    known: { ...known, repeated: 0, dataset: { ...known.dataset, id: 0, title: 0 } },
  };
}

/** Returns the name and the hash of each file. */
export function filesOf(folder: string): [string, string][] {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return names(folder).map((name) => [name, hash(name)]);
}

/** Returns the sorted names in a folder, and none if it does not exist. */
export function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Checks that runs have left nothing staged, in the database or on the volume. */
export async function expectNothingStaged(world: World): Promise<void> {
  const tables = await world.mariaDb.sql(`SHOW TABLES FROM ${world.database} LIKE '\\_ingestor\\_stage%'`);
  expect(tables).toEqual([]);
  for (const folder of ['staging', 'partial']) expect(names(join(world.storage, '.ingestor', folder))).toEqual([]);
}

/** Returns the exit code and the output, which `/^0:/` matches after a success. */
export function outcomeOf({ code, stdout, stderr }: Ended): string {
  return `${code}: ${stdout}${stderr}`;
}

/** Returns the environment with small batches, so that a run has many of them. */
export function inSmallBatches(env: Env): Env {
  return { ...env, BATCH_SIZE: '500' };
}
