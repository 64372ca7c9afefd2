import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import {
  documentOf,
  lastLine,
  type Env,
  type Running,
  yamlOf,
  World,
  type Row,
} from '@tracebloc/ingestor-testing/command';
import { until } from './faults.test-support.js';
import { CommandSession } from './many-commands.test-support.js';
import { stopWhileStaging } from './staging.test-support.js';

const RECORDS = 20_000;

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  const rows = Array.from({ length: RECORDS }, (_, index) => `${index},${(index * 7919) % 1000}.5,${index % 3}`);
  // The tests look into the ledger, which this creates.
  for (const { env } of [mariaDb, embedded]) await session.run(['runs', 'clean', '--yes'], env());
  await world.write('large.csv', `a,b,y\n${rows.join('\n')}\n`);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

/** A database, and how the tests look into it as another client. */
interface Target {
  env: () => Env;
  select: (sql: string) => Promise<Row[]>;
}

const mariaDb: Target = {
  env: () => ({ ...world.remote, BATCH_SIZE: '250' }),
  select: (sql) => world.mariaDb.sql(sql.replaceAll('FROM ', `FROM ${world.database}.`)),
};
const embedded: Target = {
  env: () => ({ ...world.embedded, BATCH_SIZE: '250' }),
  select: async (sql) => {
    const database = world.openEmbedded();
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  },
};

async function configOf(table: string, csv = 'large.csv'): Promise<string> {
  // The embedded database works in the process itself, which notices a signal only when it waits for the file.
  const spec = { csv_options: { chunk_size: 4096 } };
  return world.write(`${table}.yaml`, yamlOf({ table, csv, schema: { a: 'INT', b: 'FLOAT' }, spec }));
}

/** Starts to ingest, and stops the process while rows are staged. */
async function stopStaging(table: string, { env }: Target): Promise<Running> {
  return stopWhileStaging(world, await configOf(table), table, env());
}

/** Looks at a table whose run was cut off while it staged. */
async function lookAt(table: string, { select, env }: Target) {
  const { stdout } = await session.run(['datasets', 'list', '--json'], env());
  const entries = JSON.parse(stdout) as Row[];
  const [run] = await select(`SELECT run_id, staged FROM _ingestor_runs WHERE table_name = '${table}'`);
  const [counted] = await select(`SELECT COUNT(*) AS n FROM \`_ingestor_stage_${run!.run_id as string}\``);
  const visible = await select(`SELECT 1 FROM \`${table}\` LIMIT 1`).then(
    () => true,
    () => false,
  );
  return {
    visible,
    inCatalog: entries.some((entry) => entry.table === table),
    staged: Number(run!.staged),
    rows: Number(counted!.n),
  };
}

/** Returns what the rows have in common with those of another run: of the data_ids, the ordinal. */
async function contentOf(table: string, { select }: Target): Promise<unknown> {
  const rows = await select(`SELECT * FROM \`${table}\` ORDER BY id`);
  const runs = new Set(rows.map(({ data_id: id }) => (id as string).slice(0, -12)));
  expect(runs.size).toBe(1);
  return rows.map((row) => [
    row.id,
    row.a,
    row.b,
    row.label,
    row.data_intent,
    parseInt((row.data_id as string).slice(-12), 16),
  ]);
}

function expectedContent(): unknown {
  return Array.from({ length: RECORDS }, (_, index) => [
    ...[index + 1, index, ((index * 7919) % 1000) + 0.5, String(index % 3), 'train', index],
  ]);
}

async function expectCompleted(table: string, target: Target): Promise<void> {
  const ended = await session.run(['ingest', '-c', `${table}.yaml`, '--json'], target.env());
  expect(ended).toMatchObject({ code: 0 });
  expect(lastLine(ended)).toBe('All records processed successfully');
  const sent = target === mariaDb ? RECORDS : 0;
  expect(documentOf<IngestResult>(ended)).toMatchObject({
    ...{ outcome: 'resumed', found: RECORDS, inserted: RECORDS, sent, failed: 0 },
  });
  expect(JSON.stringify(await contentOf(table, target))).toBe(JSON.stringify(expectedContent()));
  if (target !== mariaDb) return;
  const { labels, repeated, dataset } = world.backend.tables[table]!;
  expect([labels.size, repeated.size, dataset === undefined]).toEqual([RECORDS, 0, false]);
  expect(world.backend.violations).toEqual([]);
}

describe.each([
  ['MariaDB', mariaDb],
  ['the embedded database', embedded],
] as const)('while rows go into %s', (_name, target) => {
  async function expectHidden(table: string): Promise<void> {
    const { staged, rows, ...seen } = await lookAt(table, target);
    expect(seen).toEqual({ visible: false, inCatalog: false });
    expect(rows).toBe(staged);
    expect(staged).toBeLessThan(RECORDS);
  }

  it('SIGTERM ends the run soon, the error says how to continue, and the same command completes the run', async () => {
    const run = await stopStaging('stopped', target);
    const sentAt = performance.now();
    run.kill('SIGTERM');
    run.kill('SIGCONT');
    const ended = await run.ended;
    // A run that does not end by itself is ended after 8 s.
    expect((performance.now() - sentAt) / 1000).toBeLessThan(7);
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(ended.stderr).toMatch(
      /Stopping on SIGTERM: finishing the batch under way\.\nError: The run was interrupted\.\n\n {2}Run the same command again: it continues at the last committed batch\.\n$/,
    );
    await expectHidden('stopped');
    await expectCompleted('stopped', target);
  });

  it('SIGKILL leaves nothing that is seen, and the same command completes the run', async () => {
    const run = await stopStaging('killed', target);
    run.kill('SIGKILL');
    expect(await run.ended).toMatchObject({ code: null });
    await expectHidden('killed');
    await expectCompleted('killed', target);
  });
});

describe('a CSV that is still being written', () => {
  it('is an error that leaves nothing of it, and is ingested whole when it is written', async () => {
    const content = await readFile(join(world.folder, 'large.csv'), 'utf8');
    // In the middle of a line, whose label would be another.
    const cut = content.indexOf('\n', content.length / 2) - 1;
    await world.write('growing.csv', content.slice(0, cut));
    const config = await configOf('growing', 'growing.csv');
    const run = await stopWhileStaging(world, config, 'growing', embedded.env());
    await appendFile(join(world.folder, 'growing.csv'), content.slice(cut));
    run.kill('SIGCONT');
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toMatch(
      /Error: \S+growing\.csv changed while it was read: it grew\. [^]*nothing was published\.\n\n {2}Wait until nothing writes to the source any more, then run the same command again\.\n/,
    );
    const { stdout } = await session.run(['datasets', 'list', '--json'], embedded.env());
    expect(JSON.parse(stdout)).not.toContainEqual(expect.objectContaining({ table: 'growing' }));
    const again = await session.run(['ingest', '-c', 'growing.yaml', '--json'], embedded.env());
    expect(documentOf<IngestResult>(again)).toMatchObject({ outcome: 'ingested', inserted: RECORDS });
  });
});

describe('while a dataset is being registered', () => {
  /** Starts a run of ten batches, and returns while the second waits for its answer, until the faults are cleared. */
  async function startRegistering(table: string, env: Env): Promise<Running> {
    const rows = Array.from({ length: 100 }, (_, i) => `${i},0.5,${i % 2}`);
    await world.write('hundred.csv', `a,b,y\n${rows.join('\n')}\n`);
    await world.write(`${table}.yaml`, yamlOf({ table, csv: 'hundred.csv', schema: { a: 'INT', b: 'FLOAT' } }));
    const match = `POST /global_meta/${table}/`;
    world.backend.fail({ match });
    world.backend.fail({ match, until: new Promise(() => undefined), times: Infinity });
    const run = world.start(['ingest', '-c', `${table}.yaml`], env);
    const batches = () => world.backend.requests.filter(({ url }) => url === `/global_meta/${table}/`);
    await until(run, () => batches().length === 2);
    return run;
  }

  it.each(['MariaDB', 'the embedded database'])(
    'a second run on the table says which process has it, and the lock goes with its holder: %s',
    async (name) => {
      const { MYSQL_HOST, ...others } = world.remote;
      const env = { ...others, ...(name === 'MariaDB' ? { MYSQL_HOST: MYSQL_HOST! } : {}), BATCH_SIZE: '10' };
      const table = name === 'MariaDB' ? 'busy' : 'busy_embedded';
      const run = await startRegistering(table, env);
      const second = await session.run(['ingest', '-c', `${table}.yaml`, '--json'], env);
      run.kill('SIGKILL');
      await run.ended;
      expect(second).toMatchObject({ code: 1 });
      const holder = `^The table "${table}" is being ingested by run \\S+ on \\S+ \\(process ${run.pid}\\), since \\d{4}-`;
      expect(documentOf(second)).toMatchObject({
        error: { code: 'table-locked', message: expect.stringMatching(holder) as unknown },
      });
      const { stdout } = await session.run(['datasets', 'show', table, '--json'], env);
      expect(JSON.parse(stdout)).toMatchObject({ records: 100, registeredWith: '' });
      world.backend.clearFaults();
      const completed = await session.run(['ingest', '-c', `${table}.yaml`, '--json'], env);
      expect(documentOf(completed)).toMatchObject({ outcome: 'resumed', sent: 100 });
      expect(world.backend.tables[table]!.labels.size).toBe(100);
      expect(world.backend.tables[table]!.repeated.size).toBe(0);
    },
  );
});
