import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Env, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import { outcomeOf } from './shards.test-support.js';

const SHAPES = fileURLToPath(new URL('../../../../plugins/object-detection/samples/shapes', import.meta.url));
const NOTHING = 'nothing';
/** The numbers of records of the old and the new dataset, whose values of `b` are their version. */
const RECORDS = { old: 3000, new: 4500 } as const;

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  for (const [version, count] of Object.entries(RECORDS)) {
    const rows = Array.from({ length: count }, (_, i) => `${i},${version},${i % 2}`);
    await world.write(`${version}.csv`, `a,b,y\n${rows.join('\n')}\n`);
  }
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

async function expectDone(config: string, env: Env, ...flags: string[]): Promise<void> {
  expect(outcomeOf(await session.run(['ingest', '-c', config, ...flags], env))).toMatch(/^0:/);
}

/** Looks all the time during `work`, and once after it. Returns what was seen, in order, without repetitions. */
async function seenDuring(work: Promise<void>, look: () => string | Promise<string>): Promise<string[]> {
  const seen: string[] = [];
  const note = (sight: string) => {
    if (seen.at(-1) !== sight) seen.push(sight);
  };
  const state = { over: false };
  const ended = work.finally(() => (state.over = true));
  // A failure is thrown at the end. Until then it must not count as unhandled.
  ended.catch(() => undefined);
  while (!state.over) {
    note(await look());
    await sleep(0);
  }
  await ended;
  note(await look());
  return seen;
}

const COUNTED = 'SELECT b, COUNT(*) AS n FROM';

function sightOf(rows: Record<string, unknown>[]): string {
  return rows.map(({ b, n }) => `${n as number} ${b as string}`).join(' + ');
}

const isMissing = (error: unknown) => /doesn't exist|no such table/.test(String(error));

/** Databases in which rows are published, and how a separate reader looks at the table. */
const DATABASES = [
  {
    name: 'MariaDB',
    env: (): Env => world.local,
    async open(table: string) {
      const look = () => world.mariaDb.sql(`${COUNTED} ${world.database}.${table} GROUP BY b ORDER BY b`);
      return { look, close: (): void => undefined };
    },
  },
  {
    name: 'the embedded database',
    env: (): Env => world.embedded,
    async open(table: string) {
      // This creates the file.
      await session.run(['runs', 'clean', '--yes'], world.embedded);
      const database = world.openEmbedded();
      const look = async () => database.prepare(`${COUNTED} ${table} GROUP BY b ORDER BY b`).all();
      return { look, close: () => database.close() };
    },
  },
];

describe.each(DATABASES)('a reader that polls the table in $name', (database) => {
  it('sees nothing, then all; with --overwrite the old dataset, then the new', async () => {
    const table = 'whole';
    const configs = { old: '', new: '' };
    for (const version of ['old', 'new'] as const) {
      const fields = { table, csv: `${version}.csv`, schema: { a: 'INT', b: 'VARCHAR(3)' } };
      configs[version] = await world.write(`${version}.yaml`, yamlOf(fields));
    }
    const batches = { ...database.env(), BATCH_SIZE: '500' };
    const reader = await database.open(table);
    const look = () =>
      reader.look().then(sightOf, (error: unknown) => {
        if (isMissing(error)) return NOTHING;
        throw error;
      });
    const [old, new_] = [`${RECORDS.old} old`, `${RECORDS.new} new`];
    expect(await seenDuring(expectDone(configs.old, batches), look)).toEqual([NOTHING, old]);
    expect(await seenDuring(expectDone(configs.new, batches, '--overwrite'), look)).toEqual([old, new_]);
    reader.close();
  });
});

describe('a reader that polls the folder of the files', () => {
  const TABLE = 'shapes';
  const folder = () => join(world.storage, TABLE);
  const ingest = (version: string, ...flags: string[]) =>
    expectDone(join(SHAPES, `${version}.yaml`), { ...world.local, BATCH_SIZE: '2' }, '--table', TABLE, ...flags);

  const look = (sight: (names: string[]) => string) => () => {
    try {
      return sight(readdirSync(folder()).sort());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING;
      throw error;
    }
  };
  const namesIn = look((names) => names.join());
  const contentIn = look((names) => names.map((name) => `${name} ${sha256(join(folder(), name))}`).join());

  it('sees nothing, then every file whole', async () => {
    expect(await seenDuring(ingest('test'), contentIn)).toEqual([NOTHING, contentIn()]);
    const names = readdirSync(folder()).map((name) => parse(name).name);
    const rows = await world.rows(TABLE);
    expect(new Set(names)).toEqual(new Set(rows.map(({ filename }) => filename)));
  });

  it('sees, with --overwrite, the old files, then the new', async () => {
    const old = namesIn();
    const seen = await seenDuring(ingest('train', '--overwrite'), namesIn);
    expect(namesIn()).not.toBe(old);
    // The old folder is moved away before the new one gets its name. Until then there is none, but never a part of one.
    expect(seen.filter((sight) => sight !== NOTHING)).toEqual([old, namesIn()]);
  });
});

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
