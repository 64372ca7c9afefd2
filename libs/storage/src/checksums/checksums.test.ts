import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cell, DatasetRecord } from '@tracebloc/ingestor-contract';
import { useBenches, type Bench } from '../test-support/databases.test-support.js';
import { batch, columns, record, stageAll } from '../test-support/records.test-support.js';
import { parseNumber } from './cell-hash.js';
import { ColumnChecksums, differingColumns, sumChecksums, type Checksums } from './column-checksums.js';

/** For a type of each kind, texts that are its values. */
const CELLS: Record<string, fc.Arbitrary<string>> = {
  TINYINT: integers(-128n, 127n),
  'INT UNSIGNED': integers(0n, 4294967295n),
  BIGINT: integers(-(2n ** 63n), 2n ** 63n - 1n),
  'BIGINT UNSIGNED': integers(0n, 2n ** 63n - 1n),
  FLOAT: fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.double({ min: -1e38, max: 1e38, noNaN: true }).map(String),
  ),
  DOUBLE: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom('-0', '-0.0', '1.50', '5e-324', '-1.7976931348623157e308', '2.2250738585072014e-308', '0.1'),
    fc.stringMatching(/^-?[1-9]\d{0,14}\.\d{1,17}$/),
    fc.constant('206963479786465.5781832159887713'),
  ),
  'DECIMAL(10,2)': fc.stringMatching(/^-?\d{1,8}(\.\d{1,2})?$/),
  'DECIMAL(15,10)': fc.stringMatching(/^-?\d{1,5}(\.\d{1,10})?$/),
  'DECIMAL(65,30)': fc.stringMatching(/^-?\d{1,35}(\.\d{1,30})?$/),
  BOOLEAN: fc.constantFrom('0', '1'),
  'VARCHAR(40)': fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('', ' ', '😀', 'A', 'a', '\0'),
  ),
  TEXT: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('日本\t\n\\N'.repeat(500))),
  'CHAR(9)': fc.stringMatching(/^[a-z]{0,4} {0,3}$/),
  DATE: moments().map((text) => text.slice(0, 10)),
  'DATETIME(6)': fc.tuple(moments(), fractions(6)).map((parts) => parts.join('')),
  DATETIME: moments(),
  'TIMESTAMP(3)': fc.tuple(moments('1970-01-02', '2038-01-18'), fractions(3)).map((parts) => parts.join('')),
  'TIME(2)': fc
    .tuple(fc.constantFrom('-838:59:58', '00:00:00', '-00:00:01', '23:59:59'), fractions(2))
    .map((parts) => parts.join('')),
};
const TYPES = Object.keys(CELLS);
const own = columns(Object.fromEntries(TYPES.map((sql, index) => [`c${index}`, sql])));

function integers(min: bigint, max: bigint): fc.Arbitrary<string> {
  return fc.oneof(fc.constantFrom(min, max, 0n), fc.bigInt({ min, max })).map(String);
}

function moments(min = '1000-01-01', max = '9999-12-31'): fc.Arbitrary<string> {
  const [first, last] = [new Date(`${min}T00:00:00Z`), new Date(`${max}T23:59:59Z`)];
  return fc
    .date({ min: first, max: last, noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 19).replace('T', ' '));
}

function fractions(digits: number): fc.Arbitrary<string> {
  return fc.oneof(fc.constant(''), fc.stringMatching(new RegExp(`^\\.\\d{0,${digits - 1}}[1-9]$`)));
}

const rows = fc.array(
  fc.record({
    values: fc.tuple(...TYPES.map((sql) => fc.option(CELLS[sql]!, { freq: 5 }))),
    label: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })),
    annotation: fc.option(fc.string({ unit: 'grapheme' })),
  }),
  { minLength: 1, maxLength: 40 },
);

function sent(records: readonly DatasetRecord[], runId: string): Checksums {
  const checksums = new ColumnChecksums(own);
  const { dataIds } = batch(0, records, runId);
  records.forEach((one, index) => checksums.add(index + 1, one, dataIds[index]!));
  return checksums.result;
}

describe('checksums', () => {
  const benches = useBenches();
  let runs = 0;

  it('of the stored rows equal those of the sent records on every database, for any values', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const runId = `r${++runs}`;
        const records = table.map(({ values, ...more }) => record(values, more));
        for (const { db } of benches) {
          await stageAll(db, runId, 'd', own, records);
          const found = await db.readChecksums(`_ingestor_stage_${runId}`, own);
          expect(differingNames(sent(records, runId), found)).toEqual([]);
          expect(found).toEqual(sent(records, runId));
          await db.dropStaging(runId);
        }
      }),
      { numRuns: 12 },
    );
  });

  /** Two rows that differ in each column. There is a column of every type. */
  const PAIR: readonly (readonly Cell[])[] = [
    ['1', '4294967295', '9223372036854775806', '1', '0.5', '0.1', '1.10', '1.5', '12345678901234567890.10', '1'],
    ['2', '4294967294', '9223372036854775807', '2', '0.25', '0.2', '1.20', '1.25', '12345678901234567890.11', '0'],
  ].map((cells, index) => [
    ...cells,
    ...(index === 0
      ? ['a', '😀', 'x', '2020-01-01', '2020-01-01 00:00:00.000001', '2020-01-01 00:00:00', '2020-01-01 00:00:00.1']
      : ['A', '😁', 'y', '2020-01-02', '2020-01-01 00:00:00.000002', '2020-01-01 00:00:01', '2020-01-01 00:00:00.2']),
    index === 0 ? '00:00:00.5' : '00:00:00.25',
  ]);
  const DAMAGED: Record<string, string> = {
    DOUBLE: '0.10000000000000002',
    FLOAT: '0.50000006',
    'DECIMAL(65,30)': '12345678901234567890.100000000000000000000000000001',
    'DATETIME(6)': "'2020-01-01 00:00:00'",
    'TIME(2)': "'-00:00:00.5'",
    'VARCHAR(40)': "'a '",
    TEXT: "''",
  };

  async function staged(bench: Bench): Promise<{ table: string; expected: Checksums }> {
    const runId = `r${++runs}`;
    const records = [...PAIR, TYPES.map(() => null)].map((values) => record(values, { filename: `f${values[0]}` }));
    await stageAll(bench.db, runId, 'd', own, records);
    return { table: `_ingestor_stage_${runId}`, expected: sent(records, runId) };
  }

  it('reveal a changed cell of each type, and a lost one', async () => {
    for (const bench of benches) {
      const { table, expected } = await staged(bench);
      const differing = async () => differingColumns(expected, await bench.db.readChecksums(table, own));
      await bench.look(`CREATE TABLE intact AS SELECT * FROM ${table} WHERE id = 1`);
      for (const [index, sql] of TYPES.entries()) {
        const name = `c${index}`;
        expect(await differing()).toEqual([]);
        for (const value of [
          DAMAGED[sql] ?? `(SELECT x.${name} FROM (SELECT * FROM ${table}) AS x WHERE x.id = 2)`,
          'NULL',
        ]) {
          await bench.look(`UPDATE ${table} SET ${name} = ${value} WHERE id = 1`);
          expect([sql, value, await differing()]).toEqual([sql, value, [name]]);
        }
        await bench.look(`UPDATE ${table} SET ${name} = (SELECT ${name} FROM intact) WHERE id = 1`);
      }
      expect(await differing()).toEqual([]);
      await bench.db.dropStaging(table.replace('_ingestor_stage_', ''));
    }
  });

  it('reveal rows that changed places, and a row in the place of another', async () => {
    for (const bench of benches) {
      const { table, expected } = await staged(bench);
      const differing = async () => differingColumns(expected, await bench.db.readChecksums(table, own));
      for (const [from, to] of [
        [1, 9],
        [2, 1],
        [9, 2],
      ])
        await bench.look(`UPDATE ${table} SET id = ${to} WHERE id = ${from}`);
      expect(await differing()).toEqual(['data_id', 'filename', ...TYPES.map((_, index) => `c${index}`)]);
      await bench.look(`DELETE FROM ${table} WHERE id = 3`);
      await bench.look(`INSERT INTO ${table} (id, data_id, label, filename) VALUES (3, 'other', 'a', 'fnull')`);
      expect(await differing()).toContain('data_id');
      await bench.db.dropStaging(table.replace('_ingestor_stage_', ''));
    }
  });

  it('of parts in any order sum up to those of the whole', () => {
    fc.assert(
      fc.property(rows, fc.nat(40), (table, cut) => {
        const records = table.map(({ values, ...more }) => record(values, more));
        const parts = [new ColumnChecksums(own), new ColumnChecksums(own)];
        records.forEach((one, index) => parts[index < cut ? 0 : 1]!.add(index + 1, one, `r-${index}`));
        const [first, second] = parts.map(({ result }) => result) as [Checksums, Checksums];
        const whole = sent(records, 'r');
        expect(sumChecksums([first, second])).toEqual(whole);
        expect(sumChecksums([second, first])).toEqual(whole);
      }),
    );
  });

  /** Returns the types of the columns that differ, which make a failure easier to read. */
  function differingNames(one: Checksums, other: Checksums): string[] {
    return differingColumns(one, other).map((name) => (name.startsWith('c') ? TYPES[Number(name.slice(1))]! : name));
  }
});

describe('a number that is parsed', () => {
  const decimals = fc
    .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{0,17}$/), fc.option(fc.stringMatching(/^\d{0,17}$/)))
    .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);

  it('is the one that Number returns, to the last bit', () => {
    fc.assert(
      fc.property(fc.oneof(decimals, fc.double().map(String), fc.string({ maxLength: 6 })), (text) => {
        fc.pre(text.trim() === text && text !== '');
        expect(parseNumber(text)).toBe(Number(text));
      }),
      { numRuns: 2000 },
    );
  });
});
