import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { parquet } from './format.js';
import { readTable, workplace } from './parquet.test-support.js';

it('every type becomes its exact text, and has its type in SQL', async () => {
  using place = await workplace();
  const values: [expression: string, text: string, sql?: string][] = [
    ['true', 'true', 'BOOLEAN'],
    ['(-128)::TINYINT', '-128', 'TINYINT'],
    ['255::UTINYINT', '255', 'TINYINT UNSIGNED'],
    ['(-32768)::SMALLINT', '-32768', 'SMALLINT'],
    ['(-2147483648)::INTEGER', '-2147483648', 'INT'],
    ['4294967295::UINTEGER', '4294967295', 'INT UNSIGNED'],
    ['9007199254740993::BIGINT', '9007199254740993', 'BIGINT'],
    ['18446744073709551615::UBIGINT', '18446744073709551615', 'BIGINT UNSIGNED'],
    ['0.1::FLOAT', '0.1', 'FLOAT'],
    ['16777217::FLOAT', '16777216', 'FLOAT'],
    ['0.1::DOUBLE + 0.2::DOUBLE', '0.30000000000000004', 'DOUBLE'],
    ["'nan'::DOUBLE", '', 'DOUBLE'],
    ["'-inf'::DOUBLE", '-Infinity', 'DOUBLE'],
    ['12.30::DECIMAL(9,2)', '12.30', 'DECIMAL(9,2)'],
    ['-0.05::DECIMAL(18,2)', '-0.05', 'DECIMAL(18,2)'],
    [
      '-12345678901234567890123456789012345678::DECIMAL(38,0)',
      '-12345678901234567890123456789012345678',
      'DECIMAL(38,0)',
    ],
    ["DATE '0001-12-31'", '0001-12-31', 'DATE'],
    ["TIME '23:59:59.5'", '23:59:59.5', 'TIME(6)'],
    ["TIMESTAMP '2024-02-29 01:02:03.000100'", '2024-02-29T01:02:03.0001', 'DATETIME(6)'],
    ["TIMESTAMP_MS '1969-12-31 23:59:59.999'", '1969-12-31T23:59:59.999', 'DATETIME(3)'],
    ["TIMESTAMP_NS '2024-01-01 00:00:00.123456789'", '2024-01-01T00:00:00.123456789', 'DATETIME(6)'],
    ["TIMESTAMPTZ '2024-07-01 12:00:00+02'", '2024-07-01T10:00:00Z', 'DATETIME(6)'],
    ["'007'", '007'],
    ['\'\ufeffÄ, "😀"\n\'', '\ufeffÄ, "😀"\n'],
    ["'123e4567-e89b-12d3-a456-426614174000'::UUID", '123e4567-e89b-12d3-a456-426614174000'],
    ["'a'::ENUM('a', 'b')", 'a'],
    ['NULL::INTEGER', '', 'INT'],
    ['NULL::VARCHAR', ''],
  ];
  const path = await place.write(`SELECT ${values.map(([value], index) => `${value} AS c${index}`).join(', ')}`);
  const { header, rows, lines, report, reader } = await readTable(path);
  expect(report.findings()).toEqual([]);
  expect(rows[0]!.map((text, index) => [values[index]![0], text])).toEqual(
    values.map(([value, text]) => [value, text]),
  );
  expect(header!.map((name) => reader.types.get(name))).toEqual(values.map(([, , sql]) => sql));
  expect(lines).toEqual([1]);
});

it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw', 'snappy, parquet_version v2'])(
  'reads %s, with nulls, in batches and row groups',
  async (codec) => {
    using place = await workplace();
    const query = `SELECT i AS id, CASE WHEN i % 7 > 0 THEN 'text ' || (i % 50) END AS word, CASE WHEN i % 3 > 0 THEN i / 8 END AS x,
    md5(i::VARCHAR) AS long FROM range(20000) t(i)`;
    const path = await place.write(query, `format parquet, compression ${codec}, row_group_size 6144`);
    const { rows, report, reader } = await readTable(path);
    expect([rows.length, report.findings(), reader.read]).toEqual([20_000, [], reader.size]);
    for (const [i, [id, word, x, long]] of rows.entries()) {
      if (
        id !== String(i) ||
        word !== (i % 7 ? `text ${i % 50}` : '') ||
        x !== (i % 3 ? String(i / 8) : '') ||
        long!.length !== 32
      )
        throw new Error(`Row ${i} is ${rows[i]!.join()}.`);
    }
  },
);

it('the shards have each row once, whatever the row groups are', async () => {
  using place = await workplace();
  const path = await place.write(
    'SELECT i, i::VARCHAR AS t FROM range(9000) t(i)',
    'format parquet, row_group_size 2048',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 12 }),
      fc.constantFrom('own' as const, 'all' as const),
      async (count, rows) => {
        const found: string[] = [];
        for (let index = 0; index < count; index++) {
          const { rows: read, lines, reader } = await readTable(path, { shard: { index, count, rows } });
          const own = read.filter((_, at) => reader.isOwn(lines[at]!)).map(([cell]) => cell!);
          if (rows === 'own') expect([reader.passed, read.length]).toEqual([found.length, own.length]);
          found.push(...own);
        }
        expect(found).toEqual(Array.from({ length: 9000 }, (_, row) => String(row)));
      },
    ),
    { numRuns: 8 },
  );
});

it('columns that are no cells are left out with a warning, and are an error if the configuration names them', async () => {
  using place = await workplace();
  const path = await place.write(
    "SELECT 1 AS a, [1, 2] AS l, {'x': 1} AS s, 'x'::BLOB AS b, INTERVAL 1 DAY AS i, 2 AS z",
  );
  const { header, rows, report } = await readTable(path);
  expect([header, rows]).toEqual([['a', 'z'], [['1', '2']]]);
  expect(report.findings().map(({ code, severity, column }) => [code, severity, column])).toEqual(
    ['l', 's', 'b', 'i'].map((column) => ['unsupported-column', 'warning', column]),
  );
  const named = await readTable(path, { columns: ['a', 'L'] });
  expect([named.header, named.report.errors]).toEqual([undefined, 1]);
  // The advice, followed to the letter.
  const advised = await place.write(
    "SELECT 1 AS a, to_json([1, 2])::VARCHAR AS l, decode('x'::BLOB) AS b",
    undefined,
    'b.parquet',
  );
  expect((await readTable(advised)).rows).toEqual([['1', '[1,2]', 'x']]);
});

it('a file that is damaged, cut off, encrypted or no Parquet is an error that says so', async () => {
  using place = await workplace();
  const path = await place.write('SELECT i, md5(i::VARCHAR) AS t FROM range(5000) t(i)');
  const bytes = readFileSync(path);
  const damaged = Buffer.from(bytes);
  damaged.fill(0xff, 100, 4000);
  const cases: [Buffer, string][] = [
    [bytes.subarray(0, 5000), 'does not end as a Parquet file does'],
    [Buffer.from('a,b\n1,2\n'), 'does not end as a Parquet file does'],
    [Buffer.alloc(0), 'does not end as a Parquet file does'],
    [Buffer.concat([bytes.subarray(0, -4), Buffer.from('PARE')]), 'is encrypted'],
    [Buffer.concat([bytes.subarray(0, -300), Buffer.alloc(292), bytes.subarray(-8)]), 'is damaged'],
    [damaged, 'cannot be read'],
  ];
  for (const [content, message] of cases) {
    writeFileSync(place.path('bad.parquet'), content);
    const { report, reader } = await readTable(place.path('bad.parquet'));
    expect(report.findings()).toMatchObject([{ code: 'unreadable-table', severity: 'error', file: 'data' }]);
    expect(report.findings()[0]!.message).toContain(message);
    expect(reader.complete).toBe(false);
  }
});

it('several files are one table, and a file that changes is noticed', async () => {
  using place = await workplace();
  const parts = [
    await place.write("SELECT 1 AS a, 'x' AS b", undefined, 'p1.parquet'),
    await place.write("SELECT 'y' AS b, 2 AS a", undefined, 'p2.parquet'),
  ];
  const { rows, reader } = await readTable('p*', { parts });
  expect(rows).toEqual([
    ['1', 'x'],
    ['2', 'y'],
  ]);
  const signal = new AbortController().signal;
  await reader.confirm(signal);
  await place.write("SELECT 'z' AS b, 3 AS a", undefined, 'p2.parquet');
  await expect(reader.confirm(signal)).rejects.toMatchObject({ code: 'source-changed-while-read' });
});

it('init takes the types of the file, and leaves numbers in a column of text as text', async () => {
  using place = await workplace();
  await place.write(
    "SELECT '0' || i AS zip, i::DOUBLE AS x, i::UTINYINT AS n, DATE '2024-01-01' + i::INT AS d, '2024-01-0' || (1 + i % 9) AS t FROM range(30) r(i)",
  );
  const { manifests } = await surveyPath(place.path(''), new AbortController().signal, undefined, [parquet]);
  expect(manifests).toMatchObject([{ format: 'parquet', rows: 30 }]);
  expect(manifests[0]!.columns.map(({ name, sql }) => [name, sql])).toEqual([
    ['zip', 'VARCHAR(16)'],
    ['x', 'DOUBLE'],
    ['n', 'TINYINT UNSIGNED'],
    ['d', 'DATE'],
    ['t', 'DATE'],
  ]);
});

it('a file without rows has a header, and no usable row', async () => {
  using place = await workplace();
  const { header, report } = await readTable(await place.write('SELECT 1 AS a, 2 AS b WHERE false'));
  expect([header, report.findings().map(({ code }) => code)]).toEqual([['a', 'b'], ['no-rows']]);
});

it('a text that is not UTF-8 is an error, and no other text', async () => {
  using place = await workplace();
  const path = await place.write("SELECT 'ab' || chr(233) || 'cd' AS t");
  const bytes = readFileSync(path);
  // The second byte of a character becomes one that cannot follow the first.
  const at = bytes.indexOf(Buffer.from('ab\u00e9cd')) + 3;
  for (let next = at; next > 2; next = bytes.indexOf(Buffer.from('ab\u00e9cd'), next) + 3) bytes[next] = 0x63;
  writeFileSync(place.path('bad.parquet'), bytes);
  const { report } = await readTable(place.path('bad.parquet'));
  expect(report.findings()).toMatchObject([{ code: 'unreadable-table' }]);
  expect(report.findings()[0]!.message).toContain('The column t of the Parquet file holds a text that is not UTF-8');
});
