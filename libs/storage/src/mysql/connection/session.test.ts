import { type MysqlConfig, Secret } from '@tracebloc/ingestor-core';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { serverProduct, startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { mysqlOptions, withDatabase } from '../../test-support/databases.test-support.js';
import { columns, record, stageAll } from '../../test-support/records.test-support.js';

const OWN = columns({ n: 'INT', t: 'VARCHAR(50)', at: 'TIMESTAMP' });
const TEXT = 'naïve 漢 😀 \\ end';

/** Settings of a server. Each of them breaks a run that relies on the default. */
const ARGS = ['--character-set-server=latin1', '--skip-character-set-client-handshake'];
const UNUSUAL: Record<string, string> = {
  autocommit: '0',
  completion_type: "'CHAIN'",
  // MySQL does not let an ordinary user set it, and the run is refused.
  ...(serverProduct === 'MariaDB' && { max_error_count: '0' }),
  lc_messages: "'de_DE'",
  max_sort_length: '64',
  time_zone: "'-09:30'",
  sql_mode: "'ANSI,NO_BACKSLASH_ESCAPES'",
};
/** The same for variables that only a session can set, and for statements that no configuration contains. */
const INIT = [
  'SET sql_select_limit = 1, sql_safe_updates = 1, sql_big_selects = 0, unique_checks = 0, sql_notes = 0',
  'SET autocommit = 0',
  'BEGIN',
  'USE elsewhere',
];

let server: MariaDb;
let options: MysqlConfig;

beforeAll(async () => {
  server = await startMariaDb({ args: ARGS });
  await server.sql(`SET NAMES utf8mb4, time_zone = '+00:00'`);
  await server.sql('CREATE DATABASE elsewhere');
  for (const [name, value] of Object.entries(UNUSUAL)) await server.sql(`SET GLOBAL ${name} = ${value}`);
  await server.sql('SET GLOBAL TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE');
});
afterAll(() => server.stop());

/** Creates a database, and a user without administrator's rights: the server runs `init_connect` only for such users. */
async function ordinary(bulk: 'load-data' | 'insert', init: string): Promise<MysqlConfig> {
  const name = await server.createDatabase();
  const { user, password } = await server.createUser(`ALL ON ${name}.*`);
  await server.sql(`GRANT ALL ON elsewhere.* TO '${user}'@'%'`);
  await server.sql(`SET GLOBAL init_connect = '${init}'`);
  options = mysqlOptions(server, name, { user, password: new Secret(password), bulk });
  return options;
}

it.each(['load-data', 'insert'] as const)(
  'a server of unusual defaults stores what a run sends, by %s',
  async (bulk) => {
    for (const init of ['', ...INIT]) {
      const { name } = await ordinary(bulk, init);
      const records = ['a', 'b', 'b'].map((label, i) =>
        record([String(i), TEXT, '2024-02-03 04:05:06'], { label: `${'x'.repeat(100)}${label}` }),
      );
      await withDatabase(options, async (db) => {
        const lock = await db.lock('d', 'r1');
        const { run } = await stageAll(db, 'r1', 'd', OWN, records);
        await db.publish(run);
        await db.catalog.put({
          ...{ table: 'd', title: TEXT, task: 't', intent: 'train', dataFormat: 'tabular', runId: 'r1' },
          ...{ records: 3, schema: {}, metadata: {}, registeredWith: '' },
        });
        expect((await db.labelCounts('d')).labels.map((one) => one.records)).toEqual([2, 1]);
        expect(await db.readMeta('d', 0, 10)).toHaveLength(3);
        const { records: read } = await db.readChecksums('d', OWN);
        expect(read).toBe(3);
        await lock.release();
      });
      // Another session sees all of it unchanged.
      const rows = await server.sql(`SELECT t, CONCAT(at) AS at FROM ${name}.d`);
      expect([init, rows]).toEqual([init, Array(3).fill({ t: TEXT, at: '2024-02-03 04:05:06' })]);
      const [entry] = await server.sql(`SELECT title FROM ${name}._ingestor_datasets`);
      expect(entry).toEqual({ title: TEXT });
      const runs = await server.sql(`SELECT state, staged FROM ${name}._ingestor_runs`);
      expect(runs.map(({ state, staged }) => [state, Number(staged)])).toEqual([['published', 3]]);
      expect(await server.sql('SHOW TABLES IN elsewhere')).toEqual([]);
    }
  },
);

it('a value that such a server would change still ends the run with an error that names the column', async () => {
  for (const bulk of ['load-data', 'insert'] as const) {
    await ordinary(bulk, 'SET sql_notes = 0');
    await withDatabase(options, async (db) => {
      const staged = (own: typeof OWN, cells: string[]) =>
        stageAll(db, `r-${cells[0]!.length}`, 'd', own, [record(cells)]);
      await expect(staged(columns({ n: 'INT', d: 'DATE' }), ['12', '2024-02-03 04:05:06'])).rejects.toMatchObject({
        code: 'value-changed',
        message: expect.stringContaining('column "d"') as unknown,
      });
      await expect(stageAll(db, 'twice', 'd', OWN, [])).resolves.toBeDefined();
    });
  }
});

// Only MariaDB limits what a session may set; MySQL asks for a right.
(serverProduct === 'MariaDB' ? it : it.skip)(
  'a server that does not let a variable be set is reported with its name',
  async () => {
    const strict = await startMariaDb({ args: ['--maximum-max-sort-length=512', '--max-sort-length=512'] });
    try {
      const error: unknown = await withDatabase(
        mysqlOptions(strict, await strict.createDatabase()),
        async () => 'opened',
      ).catch((e: unknown) => e);
      expect(error).toMatchObject({
        code: 'database-setting-refused',
        exitCode: 1,
        message: expect.stringContaining('max_sort_length (it is 512)') as unknown,
      });
    } finally {
      await strict.stop();
    }
  },
);

(serverProduct === 'MariaDB' ? it.each(['compact', 'redundant']) : it.skip.each(['compact']))(
  'tables have the row format that their keys need if the server’s default is %s',
  async (format) => {
    await ordinary('insert', '');
    await server.sql(`SET GLOBAL innodb_default_row_format = ${format}`);
    await withDatabase(options, async (db) => {
      await db.publish((await stageAll(db, 'r1', 'd', OWN, [])).run);
    });
    const formats = await server.sql(
      `SELECT DISTINCT ROW_FORMAT AS f FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '${options.name}'`,
    );
    expect(formats).toEqual([{ f: 'Dynamic' }]);
  },
);
