import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type Ended, type Env, type Row, type World } from '@tracebloc/ingestor-testing/command';

export const shardFlags = (index: number, count: number) => ['--shards', `${count}`, '--shard-index', `${index}`];

/** Numbers from 0 to below 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Everything that a dataset is but what tells one run from another: rows, files, catalog, what the backend knows. */
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

/** Name and hash of every file. */
export function filesOf(folder: string): [string, string][] {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return names(folder).map((name) => [name, hash(name)]);
}

export function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Fails where anything but datasets and the ledger is left. */
export async function expectNothingStaged(world: World): Promise<void> {
  const tables = await world.mariaDb.sql(`SHOW TABLES FROM ${world.database} LIKE '\\_ingestor\\_stage%'`);
  expect(tables).toEqual([]);
  for (const folder of ['staging', 'partial']) expect(names(join(world.storage, '.ingestor', folder))).toEqual([]);
}

export function told({ code, stdout, stderr }: Ended): string {
  return `${code}: ${stdout}${stderr}`;
}

export function quick(env: Env): Env {
  return { ...env, BATCH_SIZE: '500' };
}
