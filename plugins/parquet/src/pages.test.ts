import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { parquet } from './parquet.js';
import { readTable, workplace } from './parquet.test-support.js';
import { momentText, nanosOf } from './to-text.js';

it.each(['v1', 'v2'])('numbers and texts of every encoding are exact in large pages of version %s', async (version) => {
  using place = await workplace();
  const rows = 100_000;
  // The numbers of a dictionary with many values, and with few; texts that are not ASCII, empty, long, and missing.
  const query = `SELECT i AS id, (i * 7919 % 40000) / 8 AS x, (i % 5)::FLOAT / 4 AS f, -i * 1000003 AS n, i % 3 = 0 AS b,
    CASE i % 4 WHEN 0 THEN 'é' || i WHEN 1 THEN '' WHEN 2 THEN repeat('long ', 1 + i % 40) END AS t, i % 100 AS small,
    CASE WHEN i % 1000 = 7 THEN i END AS rare FROM range(${rows}) r(i)`;
  const options = `format parquet, parquet_version ${version}, dictionary_size_limit 50000`;
  const { rows: found, report } = await readTable(await place.write(query, options));
  expect([found.length, report.findings()]).toEqual([rows, []]);
  for (const [i, row] of found.entries()) {
    const text = [`é${i}`, '', 'long '.repeat(1 + (i % 40)), ''][i % 4]!;
    const rest = [String(i % 3 === 0), text, String(i % 100), i % 1000 === 7 ? String(i) : ''];
    const expected = [i, ((i * 7919) % 40000) / 8, (i % 5) / 4, i === 0 ? 0 : -i * 1000003].map(String).concat(rest);
    if (row.join('|') !== expected.join('|')) expect(row).toEqual(expected);
  }
});

it('the pages of a file are read into the same memory', async () => {
  using place = await workplace();
  const columns = Array.from({ length: 4 }, (_, index) => `random() AS c${index}`).join(', ');
  const path = await place.write(`SELECT ${columns} FROM range(300000)`);
  const handle = await open(path);
  const { size } = await handle.stat();
  const memory = new Set<ArrayBufferLike>();
  let bytes = 0;
  const table = await parquet.open(
    {
      path,
      size,
      async read(offset, length, into = Buffer.allocUnsafeSlow(length)) {
        memory.add(into.buffer);
        bytes += length;
        const { bytesRead } = await handle.read(into, 0, length, offset);
        return into.subarray(0, bytesRead);
      },
    },
    {},
  );
  memory.clear();
  let most = 0;
  let rows = 0;
  for await (const batch of table.read(0, table.rows, [0, 1, 2, 3])) {
    rows += batch.rows.length;
    most = Math.max(most, batch.rows.length);
  }
  await handle.close();
  expect([rows, bytes > 9e6, most <= 4096]).toEqual([300_000, true, true]);
  // One piece for the beginnings of the pages of each column, and one for what is packed, which may have to grow.
  expect(memory.size).toBeLessThanOrEqual(4 + 2);
});

/** A file of pyarrow, of four moments as Impala and Spark write them, in a dictionary. DuckDB does not write such files. */
const INT96 =
  'UEFSMRUEFTAVMEwVBBUAEgAAoL0X1GIDAADSiiUAADa0VZROAACLPSUAFQAVEhUSLBUIFRAVBhUGHAAAAAIAAAADDQEDAhUEGSw1ABgGc2NoZW1hFQIAFQYlAhgBdAAWCBkcGRwmABwVBhk1AAYQGRgBdBUAFggWhAEWhAEmVCYIKSwVBBUAFQIAFQAVEBUCADwpBhkmAgYAAAAWhAEWCCYIFoQBACggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNS4wLjEZHBwAAACIAAAAUEFSMQ==';

it('a moment of Impala or Spark is the Julian day and the nanoseconds in it, in a dictionary too', async () => {
  using place = await workplace();
  writeFileSync(place.path('int96.parquet'), Buffer.from(INT96, 'base64'));
  const { rows, report } = await readTable(place.path('int96.parquet'));
  expect(report.findings()).toEqual([]);
  expect(rows.flat()).toEqual(['2024-02-29T01:02:03.000004', '', '1969-12-31T23:59:59', '2024-02-29T01:02:03.000004']);
  const stored = (2_440_589n << 64n) | 3_600_000_000_123n;
  expect(momentText(nanosOf(stored), 'NANOS', false)).toBe('1970-01-02T01:00:00.000000123');
});

it('only the end of a file that may have totals makes its numbers be added up', async () => {
  using place = await workplace();
  const mayEnd = async (query: string) => (await readTable(await place.write(query))).reader.mayEndInTotals;
  const rows = 'SELECT i AS a, i / 2 AS x, i::VARCHAR AS t FROM range(200000) r(i)';
  expect(await mayEnd(rows)).toBe(false);
  expect(await mayEnd(`${rows} UNION ALL SELECT 1, 2, 'Total'`)).toBe(true);
  expect(await mayEnd(`${rows} UNION ALL SELECT NULL, 2, 'x'`)).toBe(true);
});
