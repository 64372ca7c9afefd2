import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTable, workplace } from './parquet.test-support.js';

const cell = fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme', maxLength: 12 }), fc.integer().map(String));
const row = fc.record({
  id: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  x: fc.option(fc.double({ noNaN: true })),
  t: cell,
});

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const literal = (text: string | null) => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);

it('the same table in CSV, gzip, JSON lines and Parquet has the same rows', async () => {
  using place = await workplace();
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      // A text of DuckDB cannot hold NUL, and JSON and CSV trim nothing.
      fc.pre(rows.every(({ t }) => !t?.includes('\0')));
      const number = (x: number | null) => (x === null ? null : Object.is(x, -0) ? '-0' : String(x));
      const csv = `id,x,t\n${rows.map(({ id, x, t }) => `${id},${number(x) ?? ''},${t === null ? '' : quoted(t)}\n`).join('')}`;
      const json = rows
        .map(({ id, x, t }) => {
          const finite = x === null || Number.isFinite(x) ? (number(x) ?? 'null') : `"${x}"`;
          return `{"id":${id},"x":${finite},"t":${JSON.stringify(t)}}\n`;
        })
        .join('');
      await place.run('CREATE OR REPLACE TABLE t (id BIGINT, x DOUBLE, t VARCHAR)');
      for (const { id, x, t } of rows) {
        await place.run(
          `INSERT INTO t VALUES (${id}, ${x === null ? 'NULL' : `'${number(x)}'::DOUBLE`}, ${literal(t)})`,
        );
      }
      const parquet = await place.write('SELECT * FROM t');
      const read = async (name: string, content: string | Uint8Array, format: string) => {
        writeFileSync(place.path(name), content);
        return readTable(place.path(name), { format, table: undefined });
      };
      const expected = rows.map(({ id, x, t }) => [String(id), number(x) ?? '', t ?? '']);
      const tables = [
        await read('a.csv', csv, 'csv'),
        await read('a.csv.gz', gzipSync(csv), 'csv'),
        await read('a.jsonl', json, 'json'),
        await readTable(parquet),
      ];
      for (const { header, rows: found, report } of tables) {
        expect({ header, found, errors: report.errors }).toEqual({
          header: ['id', 'x', 't'],
          found: expected,
          errors: 0,
        });
      }
    }),
    { numRuns: 25 },
  );
});
