import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  breakAt,
  startTcpProxy,
  type BreakingPoint,
  type Interceptor,
  type TcpProxy,
} from '@tracebloc/ingestor-testing';
import { documentOf, lastLine, type Ended, type Env, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import { datasetOf, expectNothingStaged, outcomeOf } from './shards.test-support.js';

const RECORDS = 3000;
const BATCH = 1000;
const CONTINUE = 'Run the same command again: it continues at the last committed batch.';

let world: World;
let session: CommandSession;
let proxy: TcpProxy;
/** A run whose server accepts connections and never answers. It takes ten seconds, while the tests run others. */
let silent: { proxy: TcpProxy; ended: Promise<Ended> };
let undisturbed: unknown;

beforeAll(async () => {
  world = await World.start({ mariaDb: {} });
  session = new CommandSession(world.folder);
  proxy = await startTcpProxy(world.mariaDb);
  const rows = Array.from({ length: RECORDS }, (_, i) => `${i},w${i},${i % 3}`);
  await world.write('large.csv', `a,b,y\n${rows.join('\n')}\n`);
  const mute = await startTcpProxy(world.mariaDb);
  mute.intercept(() => new Promise(() => undefined));
  const silentArgs = ['ingest', '-c', await configOf('silent')];
  silent = { proxy: mute, ended: world.run(silentArgs, through(mute)) };
  expect(outcomeOf(await ingest('undisturbed'))).toMatch(/^0:/);
  undisturbed = await datasetOf(world, 'undisturbed');
});
afterAll(async () => {
  await Promise.all([proxy.stop(), silent.proxy.stop(), session.stop()]);
  await world.stop();
});
afterEach(() => proxy.intercept());

const through = ({ host, port }: TcpProxy): Env => ({
  ...world.remote,
  ...{ MYSQL_HOST: host, MYSQL_PORT: `${port}`, BATCH_SIZE: `${BATCH}` },
});

function configOf(table: string): Promise<string> {
  const fields = { table, csv: 'large.csv', schema: { a: 'INT', b: 'VARCHAR(20)' } };
  return world.write(`${table}.yaml`, yamlOf(fields));
}

async function ingest(table: string): Promise<Ended> {
  return session.run(['ingest', '-c', await configOf(table)], through(proxy));
}

/** Checks that the error says what happened and what to do, and has no stack. */
function expectClear({ code, stdout, stderr }: Ended, message: string | RegExp, fix: string): void {
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).toContain(fix);
  expect(stderr).not.toMatch(/^\s+at /m);
}

/** Checks that the same command ends with what an undisturbed run makes, and sends nothing twice to the backend. */
async function expectCompleted(table: string): Promise<void> {
  proxy.intercept();
  const ended = await ingest(table);
  expect(outcomeOf(ended)).toMatch(/^0:/);
  expect(lastLine(ended)).toBe('All records processed successfully');
  const alike = (state: unknown, name: string) => JSON.stringify(state).replaceAll(`"${name}"`, '"TABLE"');
  expect(alike(await datasetOf(world, table), table)).toBe(alike(undisturbed, 'undisturbed'));
  expect(world.backend.tables[table]!.repeated.size).toBe(0);
  expect(world.backend.violations).toEqual([]);
  await expectNothingStaged(world);
  expect(outcomeOf(await session.run(['datasets', 'verify', table], world.local))).toMatch(/^0:/);
}

async function staged(table: string): Promise<number> {
  const [run] = await world.mariaDb.sql(
    `SELECT staged FROM ${world.database}._ingestor_runs WHERE table_name = '${table}'`,
  );
  return Number(run!.staged);
}

const UNREACHABLE = /^Error: The database server at 127\.0\.0\.1:\d+ cannot be reached \(\w+\)\.$/m;
const LOST = /^Error: The connection to the database server at 127\.0\.0\.1:\d+ was lost \(\w+\)\.$/m;

describe('a connection to the database that breaks', () => {
  it.each<[string, RegExp, BreakingPoint, RegExp, string]>([
    ['at the login', /_client_name/, 'half the answer', UNREACHABLE, 'Check that the server runs'],
    ['in the middle of a batch', /LOAD DATA/, 'in its data', LOST, CONTINUE],
    ['after COMMIT has reached the server', /COMMIT$/, 'answer', LOST, CONTINUE],
    ['after RENAME has reached the server', /RENAME TABLE/, 'answer', LOST, CONTINUE],
    ['in the middle of rows to register', /SELECT id, data_id/, 'half the answer', LOST, CONTINUE],
  ])(
    '%s ends the run with a clear error, and the same command completes it',
    async (_, statement, point, ...expected) => {
      const table = `broken_${world.backend.runs.length}`;
      const fault = breakAt(statement, point);
      proxy.intercept(fault.intercept);
      expectClear(await ingest(table), ...expected);
      expect(fault.met).toBe(true);
      await expectCompleted(table);
    },
  );

  it('in the middle of an INSERT, if the server does not allow LOAD DATA, does so too', async () => {
    await world.mariaDb.sql('SET GLOBAL local_infile = 0');
    try {
      const fault = breakAt(/INSERT INTO `_ingestor_stage_/, 'halfway');
      proxy.intercept(fault.intercept);
      expectClear(await ingest('inserted'), LOST, CONTINUE);
      expect(fault.met).toBe(true);
      await expectCompleted('inserted');
    } finally {
      await world.mariaDb.sql('SET GLOBAL local_infile = 1');
    }
  });

  it('while it holds the table’s lock stops the run, and the same command completes it', async () => {
    // With this, the holder of the lock runs a statement twice a second.
    await world.mariaDb.sql('SET GLOBAL wait_timeout = 3');
    proxy.intercept(breakLockAtCommit(2));
    const ended = await ingest('unlocked');
    await world.mariaDb.sql('SET GLOBAL wait_timeout = DEFAULT');
    expectClear(ended, 'The run lost its lock on table unlocked', 'run the same command again');
    expect([BATCH, 2 * BATCH]).toContain(await staged('unlocked'));
    await expectCompleted('unlocked');
  });
});

/** Breaks only the connection that holds the lock, while a batch is committed. */
function breakLockAtCommit(nth: number): Interceptor {
  const broken = Promise.withResolvers<'pass'>();
  let holder = 0;
  let commits = 0;
  return ({ direction, connection, chunk }) => {
    const text = chunk.toString('latin1');
    // Other connections mark themselves by a lock too, and do not ask how patient the server is.
    if (text.includes('AS patience')) holder = connection;
    if (connection === holder && commits === nth) {
      broken.resolve('pass');
      return 'reset';
    }
    if (direction !== 'to-server' || !text.endsWith('COMMIT')) return 'pass';
    return ++commits === nth ? broken.promise : 'pass';
  };
}

it('a server that is killed during a run and started again has what was committed', async () => {
  const reached = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<'pass'>();
  let commits = 0;
  proxy.intercept(({ direction, chunk }) => {
    if (direction !== 'to-server' || !chunk.toString('latin1').endsWith('COMMIT') || ++commits < 3) return 'pass';
    reached.resolve(undefined);
    return gate.promise;
  });
  const running = ingest('killed');
  await reached.promise;
  await world.mariaDb.kill();
  gate.resolve('pass');
  expectClear(await running, /^Error: The (connection to the database|run lost its lock)/m, 'same command again');
  expectClear(await ingest('killed'), UNREACHABLE, 'Check that the server runs');
  await world.mariaDb.restart();
  expect(await staged('killed')).toBe(2 * BATCH);
  await expectCompleted('killed');
});

it('a server that accepts connections and never answers is reported as unreachable', async () => {
  const ended = await silent.ended;
  expectClear(ended, /cannot be reached \(ETIMEDOUT\)/, 'Check MYSQL_HOST and MYSQL_PORT.');
  expect(ended.seconds).toBeLessThan(30);
});

it('a record that is larger than the longest statement of the server is reported with its row and what to do', async () => {
  await world.mariaDb.sql('SET GLOBAL max_allowed_packet = 32768, GLOBAL local_infile = 0');
  try {
    await world.write('long.csv', `a,b,y\n1,x,p\n2,${'x'.repeat(30_000)},q\n3,${'x'.repeat(33_000)},q\n`);
    const config = yamlOf({ table: 'long_texts', csv: 'long.csv', schema: { a: 'INT', b: 'TEXT' } });
    const ended = await session.run(['ingest', '-c', await world.write('long.yaml', config), '--json'], through(proxy));
    expect(outcomeOf(ended)).toMatch(/^3:/);
    expect(documentOf(ended)).toMatchObject({
      error: {
        code: 'record-too-large',
        message:
          'The record of row 4 is larger than the longest statement that the server accepts (max_allowed_packet).',
        fix: ['Raise max_allowed_packet on the server, or shorten the record.'],
      },
    });
    await expectNothingStaged(world);
  } finally {
    await world.mariaDb.sql('SET GLOBAL max_allowed_packet = DEFAULT, GLOBAL local_infile = 1');
  }
});
