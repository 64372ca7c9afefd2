import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { IngestorError } from '@tracebloc/ingestor-core';
import fc from 'fast-check';
import { ColumnChecksums } from '../checksums/column-checksums.js';
import { quote } from './names.js';
import { kinds, type Bench } from '../test-support/databases.test-support.js';
import { record, stageAll } from '../test-support/records.test-support.js';

/** Texts that end a quoted name, a string, a statement or a comment, or that drivers and Sequelize replace or look for. */
const HOSTILE = [
  ...[
    '`',
    '``',
    '"',
    "'",
    ';',
    '--',
    '-- ',
    '/*',
    '*/',
    '#',
    '%',
    '?',
    ':name',
    '$1',
    '$$',
    '$x',
    '\\',
    '\n',
    '@@',
    ' ',
  ],
  ...[
    '.',
    '/',
    '..',
    '(',
    ')',
    ',',
    '%s',
    '{0}',
    'select',
    'null',
    'é',
    'ß',
    '漢',
    '\u00a0',
    'a',
    'B',
    '_',
    '\u{ffff}',
  ],
  ...['`; DROP TABLE Bystander; -- ', 'FROM `Bystander`', 'Bystander', 'bystander', 'sqlite_'],
  ...['sqlite_master', 'insert into', '_ingestor_'],
];
/** Texts by which Sequelize recognizes statements. Only names of columns can contain them: tables have no spaces. */
const SEQUELIZE = [
  'PRAGMA INDEX_LIST',
  'PRAGMA foreign_keys',
  'create temporary table',
  'select name from sqlite_master',
];
/** Properties of every object in JavaScript. The driver refuses some of them as names of fields. */
const OBJECT = ['__proto__', '__defineGetter__', '__lookupSetter__', 'constructor', 'toString', 'hasOwnProperty'];
const WHOLE = [...OBJECT, '', ' ', 'end ', 'rowid', 'x'.repeat(65), '`'.repeat(64), '😀', 'nul\0', 'bystander'];
const nameOf = (parts: readonly string[]) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 4 })
        .map((some) => `${some.join('')}.`),
    },
    { weight: 1, arbitrary: fc.constantFrom(...WHOLE, ...parts) },
  );
const dataset = fc.record({
  table: nameOf(HOSTILE).filter((text) => text !== 'Bystander'),
  columns: fc.uniqueArray(nameOf([...HOSTILE, ...SEQUELIZE]), { minLength: 1, maxLength: 3 }),
});

/** These are always tried. The first is refused where case makes no difference, since another table has the name. */
const EXAMPLES = ['bystander', 'sqlite_x', '$1', '`; DROP TABLE Bystander; -- x', '-'.repeat(64)];

const REFUSALS = ['column-name-refused', 'duplicate-column', 'table-name-refused', 'table-reserved'];

describe.each(kinds())('on $name', ({ open }) => {
  let bench: Bench;
  let runs = 0;

  beforeAll(async () => {
    bench = await open();
    const { run } = await stageAll(
      bench.db,
      'bystander',
      'Bystander',
      [{ name: 'a', type: parseSqlType('INT') }],
      [record(['7'])],
    );
    await bench.db.publish(run);
  });
  afterAll(async () => {
    await bench.close();
  });

  /** Ingests records whose values are the names of their columns, reads them in every way, and deletes them. */
  async function useDataset(table: string, columns: readonly string[]): Promise<void> {
    const { db, look } = bench;
    const own = columns.map((one) => ({ name: one, type: parseSqlType('VARCHAR(80)') }));
    const values = record(columns);
    // The second time it replaces what is there.
    for (const records of [[values, { ...values, label: 'b' }, { ...values, label: 'b' }], [values]]) {
      const runId = `run-${++runs}`;
      const lock = await db.lock(table, runId);
      try {
        const { run } = await stageAll(db, runId, table, own, records);
        await db.publish(run);
        expect(await db.count(table)).toBe(records.length);
        expect(await db.columnsOf(table)).toEqual(columns.map((one) => ({ name: one, sql: 'VARCHAR(80)' })));
        expect((await db.labelCounts(table)).labels[0]).toEqual(
          records.length > 1 ? { label: 'b', records: 2 } : { label: 'a', records: 1 },
        );
        expect((await db.readMeta(table, 0, 10)).map(({ dataId }) => dataId)).toEqual(
          records.map((_, i) => `${runId}-${i}`),
        );
        expect(await db.readFileNames(table, 0, 10)).toHaveLength(records.length);
        expect([await db.countForeign(table, runId), await db.countForeign(table, 'x')]).toEqual([0, records.length]);
        const sums = new ColumnChecksums(own);
        records.forEach((one, i) => sums.add(i + 1, one, `${runId}-${i}`));
        expect(await db.readChecksums(table, own)).toEqual(sums.result);
        const cells = columns.map((one, i) => `${quote(one)} AS c${i}`).join(', ');
        const found = await look(`SELECT ${cells} FROM ${quote(table)} ORDER BY id`);
        expect(found).toHaveLength(records.length);
        for (const row of found) columns.forEach((one, i) => expect([one, row[`c${i}`]]).toEqual([one, one]));
      } finally {
        await lock.release();
      }
    }
    const lock = await db.lock(table, 'x');
    await db.drop(table);
    await lock.release();
    expect(await db.columnsOf(table)).toBeUndefined();
  }

  it('any names of a table and its columns are kept or refused, and no other table is changed', async () => {
    let used = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(dataset, async ({ table, columns }) => {
        try {
          await useDataset(table, columns);
          used++;
        } catch (error) {
          if (!(error instanceof IngestorError)) throw error;
          expect([error.code, error.message]).toEqual([REFUSALS.find((code) => code === error.code), error.message]);
          await bench.db.dropLeftovers(`run-${runs}`);
          refused++;
        }
        const [row] = await bench.look('SELECT a, data_id FROM Bystander');
        expect(row).toEqual({ a: 7, data_id: 'bystander-0' });
      }),
      {
        numRuns: 12,
        examples: [
          ...EXAMPLES.map((table) => ({ table, columns: [table] })),
          { table: '__proto__', columns: OBJECT },
        ].map((one) => [one]),
      },
    );
    expect([used > 3, refused > 0]).toEqual([true, true]);
  });
});
