import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverProduct, startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import fc from 'fast-check';
import { parseSqlType, type Column } from '@tracebloc/ingestor-contract';
import { canonicalType, createMysqlTable, createSqliteTable, tableSchema } from './layout.js';
import { openDatabase } from '../database/open.js';
import { mysqlOptions } from '../test-support/databases.test-support.js';
import { columns, record, stageAll } from '../test-support/records.test-support.js';
import type { Database } from '../database/types.js';

describe(`on ${serverProduct}`, () => {
  let server: MariaDb;
  let name: string;
  let db: Database;
  let runs = 0;
  beforeAll(async () => {
    server = await startMariaDb({ args: ['--explicit-defaults-for-timestamp=0', '--character-set-server=latin1'] });
    name = await server.createDatabase();
    db = await openDatabase(mysqlOptions(server, name));
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });

  it('a dataset’s table has the columns that training jobs expect', async () => {
    const own = columns({ age: 'int', at: 'TIMESTAMP', 'at 2': 'timestamp(3)', m: 'DECIMAL(8, 3)', ok: 'bool' });
    const { run } = await stageAll(db, 'layout', 'd', own, [record([null, null, null, null, null])]);
    await db.publish(run);
    const found = await server.sql(
      `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS dflt, COLUMN_KEY AS ky,
         EXTRA AS extra, CHARACTER_SET_NAME AS charset FROM INFORMATION_SCHEMA.COLUMNS
       WHERE TABLE_SCHEMA = '${name}' AND TABLE_NAME = 'd' ORDER BY ORDINAL_POSITION`,
    );
    // MySQL describes the same columns without the width of integers and without quotes, and marks default expressions.
    const table = found.map((column) =>
      Object.values(column)
        .map((value) =>
          String(value)
            .replace(/^(bigint|int)\(\d+\)$/, '$1')
            .replace('DEFAULT_GENERATED', '')
            .trim(),
        )
        .join(' | ')
        .replace(/NULL/g, 'null')
        .replace(/current_timestamp(\(\))?/gi, 'now'),
    );
    expect(table).toEqual([
      'id | bigint | NO | null | PRI | auto_increment | null',
      'created_at | datetime | NO | now |  |  | null',
      'updated_at | datetime | NO | now |  | on update now | null',
      'status | int | NO | 0 |  |  | null',
      'label | varchar(255) | YES | null |  |  | utf8mb4',
      'data_intent | varchar(100) | YES | null |  |  | utf8mb4',
      'data_id | varchar(255) | NO | null | UNI |  | utf8mb4',
      'filename | varchar(255) | YES | null |  |  | utf8mb4',
      'extension | varchar(10) | YES | null |  |  | utf8mb4',
      'annotation | text | YES | null |  |  | utf8mb4',
      'ingestor_id | varchar(255) | YES | null |  |  | utf8mb4',
      'age | int | YES | null |  |  | null',
      'at | datetime | YES | null |  |  | null',
      'at 2 | datetime(3) | YES | null |  |  | null',
      'm | decimal(8,3) | YES | null |  |  | null',
      'ok | tinyint(1) | YES | null |  |  | null',
    ]);
    const [{ engine }] = (await server.sql(
      `SELECT ENGINE AS engine FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '${name}' AND TABLE_NAME = 'd'`,
    )) as [{ engine: string }];
    expect(engine).toBe('InnoDB');
  });

  it('stores and reads any column name that the server allows', async () => {
    const hostile = fc.constantFrom(
      ...Array.from('|-.`"\';:?$@\\/*#%() \tüß日\u{ffff}aA1'),
      '--',
      '/*',
      '$1',
      ':x',
      '`.`',
      '${x}',
    );
    const columnName = fc
      .array(hostile, { minLength: 1, maxLength: 20 })
      .map((parts) => parts.join(''))
      .filter((text) => text.trim() === text && text !== '');
    const names = fc.uniqueArray(columnName, {
      minLength: 1,
      maxLength: 5,
      selector: (text) => text.toLowerCase(),
    });
    await fc.assert(
      fc.asyncProperty(names, async (list) => {
        const runId = `p${++runs}`;
        const own = list.map((one) => ({ name: one, type: parseSqlType('VARCHAR(64)') }));
        const { run } = await stageAll(db, runId, 'hostile', own, [record(list)]);
        await db.publish(run);
        expect(await db.columnsOf('hostile')).toEqual(list.map((one) => ({ name: one, sql: 'VARCHAR(64)' })));
        const [row] = (await server.sql(`SELECT * FROM \`${name}\`.hostile`)) as [
          { id: number } & Record<string, unknown>,
        ];
        // The value in each column is the column's name.
        expect(list.map((one) => row[one])).toEqual(list);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['a😀', 'end ', 'nul\0', ''])('refuses the name %j, which the server does not allow', async (columnName) => {
    const own = [{ name: columnName, type: parseSqlType('INT') }];
    await expect(stageAll(db, `n${++runs}`, 'd', own, [])).rejects.toMatchObject({
      code: 'column-name-refused',
      exitCode: 3,
    });
  });

  it.each([
    ['more columns than InnoDB has', 1100, 'FLOAT', 'it has 1111 columns', /^Leave out columns/],
    ['more columns than MySQL has', 4200, 'TINYINT', 'it has 4211 columns', /^Leave out columns/],
    ['texts longer than a row', 10, 'VARCHAR(16000)', 'a row may have 65535 bytes beside TEXT', /^Use TEXT/],
    ['short texts longer than a page', 300, 'VARCHAR(10)', 'a row may keep 8126 bytes', /^Leave out columns/],
  ])('reports that a table with %s is too wide', async (_, count, sql, why, fix) => {
    const own = columns(Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, sql])));
    expect(await refusal(own)).toMatchObject({
      message: expect.stringContaining(why) as unknown,
      fix: expect.arrayContaining([expect.stringMatching(fix)]) as unknown,
    });
  });

  it.each([
    ['long names', 989, 'x'.repeat(60), /^Shorten the names, to 47 bytes/],
    ['names of another script', 330, '漢'.repeat(61), /^Shorten the names, to 173 bytes/],
  ])('reports that %s fill the table’s definition, not that there are too many', async (_, count, prefix, fix) => {
    const own = columns(
      Object.fromEntries(Array.from({ length: count }, (_, i) => [prefix + String(i).padStart(3, '0'), 'INT'])),
    );
    if (serverProduct === 'MySQL') {
      await stageAll(db, `w${++runs}`, 'd', own, []);
      return;
    }
    expect(await refusal(own)).toMatchObject({
      message: expect.stringContaining('the names of its columns are too long together') as unknown,
      fix: expect.arrayContaining([expect.stringMatching(fix)]) as unknown,
    });
  });

  it('refuses texts that fit one by one but not together in one row', async () => {
    const own = columns(Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`c${i}`, 'TEXT'])));
    const error = await stageAll(db, `w${++runs}`, 'd', own, [record(own.map(() => 'x'.repeat(39)))]).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({
      code: 'table-too-wide',
      message: expect.stringContaining('may keep 8126 bytes') as unknown,
    });
    expect((error as { fix: string[] }).fix.join()).not.toContain('Use TEXT');
  });

  async function refusal(own: Column[]): Promise<unknown> {
    const error = await stageAll(db, `w${++runs}`, 'd', own, []).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'table-too-wide', exitCode: 3 });
    return error;
  }

  it('refuses two names that the server treats as one', async () => {
    await expect(stageAll(db, 'case', 'd', columns({ Age: 'INT', age: 'INT' }), [])).rejects.toMatchObject({
      code: 'duplicate-column',
    });
  });
});

describe('on SQLite', () => {
  const own = columns({ v: 'VARCHAR(5)', i: 'INT', b: 'BIGINT', f: 'FLOAT', d: 'DECIMAL(10,2)', l: 'DECIMAL(30,4)' });

  it('values are stored as their column’s type', () => {
    const db = new DatabaseSync(':memory:');
    for (const statement of createSqliteTable({ table: 't', columns: own })) db.exec(statement);
    const long = '12345678901234567890123456.7891';
    db.prepare(`INSERT INTO t (data_id, label, v, i, b, f, d, l) VALUES ('x', '007', '007', ?, ?, ?, ?, ?)`).run(
      ...['007', '9007199254740993', '1e3', '12.50', long],
    );
    const names = ['label', 'v', 'i', 'b', 'f', 'd', 'l'];
    const row = db.prepare(`SELECT ${names.map((n) => `typeof(${n}) || ' ' || ${n} AS ${n}`).join(', ')} FROM t`).get();
    expect(Object.values(row!)).toEqual([
      ...['text 007', 'text 007', 'integer 7', 'integer 9007199254740993', 'real 1000.0', 'real 12.5', `text ${long}`],
    ]);
    db.close();
  });

  it('refuses a table with more columns than SQLite allows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ingestor-storage-'));
    const sqlite = await openDatabase({ kind: 'sqlite', file: join(folder, 'datasets.sqlite') });
    const many = columns(Object.fromEntries(Array.from({ length: 2100 }, (_, i) => [`c${i}`, 'FLOAT'])));
    await expect(stageAll(sqlite, 'r1', 'd', many, [])).rejects.toMatchObject({ code: 'table-too-wide', exitCode: 3 });
    await expect(stageAll(sqlite, 'r2', 'd', columns({ A: 'INT', a: 'INT' }), [])).rejects.toMatchObject({
      code: 'duplicate-column',
    });
    const wide = many.slice(0, 1900);
    const { run } = await stageAll(sqlite, 'r3', 'd', wide, [record(wide.map((_, i) => String(i)))]);
    await sqlite.publish(run);
    expect(await sqlite.count('d')).toBe(1);
    await sqlite.close();
    rmSync(folder, { recursive: true });
  });

  it('a change of a row changes its updated_at', () => {
    const db = new DatabaseSync(':memory:');
    for (const statement of createSqliteTable({ table: 't', columns: own })) db.exec(statement);
    db.exec(`INSERT INTO t (data_id, updated_at) VALUES ('x', '2000-01-01 00:00:00')`);
    db.exec(`ALTER TABLE t RENAME TO u`);
    db.exec(`UPDATE u SET label = 'b'`);
    expect(db.prepare(`SELECT updated_at > '2001' AS changed FROM u`).get()).toEqual({ changed: 1 });
    db.close();
  });
});

it('quotes every name in both dialects', () => {
  const spec = { table: 'a`b', columns: columns({ 'c`': 'INT' }) };
  expect(createMysqlTable(spec)).toContain('`a``b` (`id`');
  expect(createMysqlTable(spec)).toContain('`c``` INT NULL DEFAULT NULL');
  expect(createSqliteTable(spec)[0]).toContain('`c``` `INT` NULL');
});

it('reads the types of MySQL 8, which have no width', () => {
  expect(['tinyint(1)', 'tinyint', 'int unsigned', "enum('a')"].map(canonicalType)).toEqual([
    ...['BOOLEAN', 'TINYINT', 'INT UNSIGNED', "ENUM('A')"],
  ]);
});

it('states the types that the table has, also to the backend', () => {
  const own = columns({ at: 'TIMESTAMP', precise: 'timestamp(3) not null', day: 'DATE' });
  expect(tableSchema(own)).toMatchObject({
    at: 'DATETIME',
    precise: 'DATETIME(3)',
    day: 'DATE',
    created_at: 'DATETIME',
  });
});
