import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { openDatabase } from './open.js';
import { mysqlOptions, SQLITE, useBenches, withDatabase } from '../test-support/databases.test-support.js';
import { batch, write, columns, record, stageAll } from '../test-support/records.test-support.js';
import type { Database, Staging } from './types.js';

const HOSTILE = [
  ...['\t', '\n', '\r\n', '\r', '\\', '\\N', '\\n', "'", "''", '"', '`', '\0', '\b', '\x1a', '%', '_', ';', ','],
  ...['NULL', '', ' ', ' lead', "'); DROP TABLE x; --", '😀', 'ünï', '日本', '\ufeff', '\u2028', '$1', ':a', '?', '{}'],
  ...['\\\t', '\\\\N', 'a\\', '\n\\N\n', '\u{10FFFF}', '007', '1e5', '\x7f', 'x'.repeat(3000)],
];

describe('texts', () => {
  const benches = useBenches();

  it('are stored unchanged by every method of sending rows', async () => {
    const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 8 }));
    const cell = fc.oneof(
      fc.constant(null),
      fc.array(piece, { maxLength: 4 }).map((parts) => parts.join('')),
    );
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 1 }), async (table) => {
        const runId = `r${++runs}`;
        const short = (text: string | null) =>
          text === null ? null : Array.from(text).slice(0, 50).join('').trimEnd();
        const records = table.map(([label, filename, a, b]) =>
          record([a!, short(b!)], { label: short(label!), filename: short(filename!), annotation: a! }),
        );
        for (const { db, look } of benches) {
          await stageAll(db, runId, 'd', columns({ 'a\tb': 'TEXT', b: 'VARCHAR(60)' }), records);
          const found = await look(`SELECT * FROM _ingestor_stage_${runId} ORDER BY id`);
          expect(found.map((row) => [row.label, row.filename, row.annotation, row['a\tb'], row.b])).toEqual(
            records.map((one) => [one.label, one.filename, one.annotation, ...one.values]),
          );
          await db.dropStaging(runId);
        }
      }),
      { numRuns: 12, examples: [[HOSTILE.map((text) => [text, text, text, text])]] },
    );
  });
});

let server: MariaDb;
beforeAll(async () => {
  // The server is lenient, to show that its settings do not matter.
  const args = ['--sql-mode=NO_BACKSLASH_ESCAPES', '--default-time-zone=+05:00'];
  server = await startMariaDb({ maxAllowedPacket: '1M', args });
});
afterAll(() => server.stop());

const METHODS = [
  ['LOAD DATA', 'load-data'],
  ['INSERT', 'insert'],
] as const;

describe.each(METHODS)('a value that %s would change', (method, bulk) => {
  let db: Database;
  let name: string;
  let runs = 0;
  beforeAll(async () => {
    name = await server.createDatabase();
    db = await openDatabase(mysqlOptions(server, name, { bulk }));
  });
  afterAll(() => db.close());

  async function stageOne(
    sql: string,
    cell: string,
    column = 'c',
  ): Promise<{ staging: Staging; reopen: () => Promise<Staging>; outcome: unknown }> {
    const own = columns({ first: 'INT', [column]: sql });
    const { run, staging } = await stageAll(db, `r${++runs}`, 'd', own, []);
    const fine = record(['1', null]);
    const outcome = await write(staging, batch(0, [fine, fine, record(['1', cell]), fine]))
      .then(() => 'written')
      .catch((e: unknown) => e);
    return { staging, reopen: () => db.stage(run, { table: 'd', columns: own }), outcome };
  }

  it.each([
    ['INT', 'secret'],
    ['INT', '2147483648'],
    ['TINYINT UNSIGNED', '-1'],
    ['INT', ''],
    ['FLOAT', '1e39'],
    ['DOUBLE', '1e400'],
    ['DECIMAL(5,2)', '1.239'],
    ['DECIMAL(5,2)', '1234.5'],
    ['VARCHAR(3)', 'secret'],
    ['VARCHAR(3)', 'abc '],
    ['CHAR(2)', 'secret'],
    ['VARCHAR(9)', "q' for column 'first"],
    ['DATE', '2020-02-31'],
    ['DATETIME', 'secret'],
    ['TIMESTAMP', '2200-02-30 00:00:00'],
    ['TIME', '25:61:00'],
    ['DATE', '0000-00-00'],
  ])('to fit %s (%j) is an error that names the column, not the value', async (sql, cell) => {
    const { staging, reopen, outcome } = await stageOne(sql, cell);
    expect(staging.method).toBe(method);
    expect(outcome).toMatchObject({ name: 'IngestorError', code: 'value-changed', exitCode: 3 });
    const { message } = outcome as Error;
    expect(message).toContain('column "c" in row 4');
    if (cell !== '') expect(message).not.toContain(cell);
    expect((outcome as Error).cause).toBeUndefined();
    const table = `${name}._ingestor_stage_r${runs}`;
    expect(await server.sql(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: 0 }]);
    expect(await server.sql(`SELECT * FROM ${name}._ingestor_batches WHERE run_id = 'r${runs}'`)).toEqual([]);
    // Without the value the same batch is stored.
    await write(await reopen(), batch(0, [record(['1', null])]));
  });

  it('is reported with a column name that contains quotes', async () => {
    const column = "a 'b' `c` at row 7";
    const { outcome } = await stageOne('INT', 'secret', column);
    expect((outcome as Error).message).toContain(`"${column}" in row 4`);
  });

  it.each([
    ['INT', '-2147483648'],
    ['BIGINT UNSIGNED', '18446744073709551615'],
    ['FLOAT', '0.1234567890123'],
    ['DOUBLE', '-1.7976931348623157e308'],
    ['DECIMAL(65,30)', `${'9'.repeat(35)}.${'9'.repeat(30)}`],
    ['VARCHAR(3)', '😀😀😀'],
    ['BOOLEAN', '1'],
    ['TIMESTAMP', '2020-03-29 02:30:00'],
    ['TIMESTAMP', '1949-01-01 00:00:00'],
    ['TIMESTAMP', '2200-01-01 00:00:00'],
    ['DATETIME(6)', '9999-12-31 23:59:59.999999'],
    ['TIME', '-838:59:59'],
  ])('does not include a value that fits %s (%j)', async (sql, cell) => {
    expect((await stageOne(sql, cell)).outcome).toBe('written');
    if (sql !== 'TIMESTAMP') return;
    const [row] = await server.sql(
      `SELECT CAST(c AS CHAR) AS c FROM ${name}._ingestor_stage_r${runs} WHERE c IS NOT NULL`,
    );
    // The session's time zone does not shift it.
    expect(row!.c).toBe(cell);
  });
});

describe('a server’s packet limit', () => {
  it.each(METHODS)('limits a statement of %s, not a batch', async (_, bulk) => {
    const name = await server.createDatabase();
    await withDatabase(mysqlOptions(server, name, { bulk }), async (db) => {
      const long = (c: string) => record([c.repeat(150_000)]);
      const texts = ['ä', 'b', '\\', "'", '😀', 'f', 'g', 'h', 'i', 'j'];
      const { staging } = await stageAll(db, 'r1', 'd', columns({ t: 'TEXT' }), []);
      await server.sql(`ALTER TABLE ${name}._ingestor_stage_r1 MODIFY t LONGTEXT CHARACTER SET utf8mb4`);
      await write(staging, batch(0, texts.map(long)));
      expect(await server.sql(`SELECT LEFT(t, 1) AS c, CHAR_LENGTH(t) AS n FROM ${name}._ingestor_stage_r1`)).toEqual(
        texts.map((c) => ({ c, n: 150_000 })),
      );
    });
  });

  it('makes a larger record an error', async () => {
    await withDatabase(mysqlOptions(server, await server.createDatabase(), { bulk: 'insert' }), async (db) => {
      const { staging } = await stageAll(db, 'r1', 'd', columns({ t: 'TEXT' }), []);
      await expect(write(staging, batch(0, [record(['x'.repeat(2_000_000)])]))).rejects.toMatchObject({
        code: 'record-too-large',
      });
    });
  });
});

describe('SQLite', () => {
  it('refuses an integer that it cannot hold', async () => {
    const sqlite = await SQLITE.open();
    const { staging } = await stageAll(sqlite.db, 'r1', 'd', columns({ u: 'BIGINT UNSIGNED' }), []);
    await write(staging, batch(0, [record(['9223372036854775807']), record([null])]));
    await expect(write(staging, batch(2, [record(['9223372036854775808'])]))).rejects.toMatchObject({
      code: 'value-changed',
      message: expect.stringContaining('"u" in row 4'),
    });
    const stored = await sqlite.look('SELECT CAST(u AS TEXT) AS u, typeof(u) AS t FROM _ingestor_stage_r1');
    expect(stored).toEqual([
      { u: '9223372036854775807', t: 'integer' },
      { u: null, t: 'null' },
    ]);
    await sqlite.close();
  });
});
