import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { surveyPath } from '../survey/survey.js';
import { reportByPart, rowInFile, rowInTable } from './part-rows.js';
import { openReader } from './reader.js';
import { csvFormat, readAll, readToEnd, temporaryFolder } from './reading.test-support.js';

type Folder = ReturnType<typeof temporaryFolder>;

function optionsOf(folder: Folder, contents: readonly (string | Uint8Array)[], format = 'csv') {
  const parts = contents.map((content, index) => folder.write(content, `part-${index + 1}`));
  return {
    format,
    path: join(folder.path, 'part-*'),
    parts,
    file: 'part-*',
    csv: csvFormat,
    missing: 'tokens',
  } as const;
}

it('reads several files as one table, with the columns of a part in another order', async () => {
  using folder = temporaryFolder();
  const options = optionsOf(folder, ['a,b,c\n1,2,3\n', gzipSync('c,a,b\n6,4,5\n'), 'a,b,c\n7,8,9']);
  const { header, rows, lines, report, reader } = await readAll(options);
  expect(header).toEqual(['a', 'b', 'c']);
  expect(rows).toEqual([
    ['1', '2', '3'],
    ['4', '5', '6'],
    ['7', '8', '9'],
  ]);
  expect(lines).toEqual([2, rowInTable(1, 2), rowInTable(2, 2)]);
  expect([report.findings(), reader.read]).toEqual([[], reader.size]);
});

it('reads parts in JSON, of which some lack a column', async () => {
  using folder = temporaryFolder();
  const options = optionsOf(folder, ['{"a":1,"b":2}\n', '[{"b":3}]', '{"b":5,"a":4}\n'], 'json');
  const { header, rows, report } = await readAll({ ...options, columns: ['a', 'b'] });
  expect([header, rows, report.findings()]).toEqual([
    ['a', 'b'],
    [
      ['1', '2'],
      ['', '3'],
      ['4', '5'],
    ],
    [],
  ]);
});

it.each([
  ['a,b\n1,2\n', 'csv', 'it lacks c.'],
  ['a,b,c,d\n1,2,3,4\n', 'csv', 'it has d, which that does not have.'],
  ['a,b,C\n1,2,3\n', 'csv', 'it lacks c and has C, which that does not have.'],
])('names the part whose header differs', async (content, format, message) => {
  using folder = temporaryFolder();
  const options = optionsOf(folder, ['a,b,c\n1,2,3\n', content], format);
  const { header, report } = await readAll(options);
  expect(header).toBeUndefined();
  expect(report.findings()).toMatchObject([{ code: 'part-differs', file: options.parts[1] }]);
  expect(report.findings()[0]!.message).toBe(`The header differs from that of ${options.parts[0]}: ${message}`);
});

it('refuses names that occur several times in another order', async () => {
  using folder = temporaryFolder();
  const { report } = await readAll(optionsOf(folder, ['a,a,b\n1,2,3\n', 'b,a,a\n1,2,3\n']));
  expect(report.findings()).toMatchObject([{ code: 'part-differs' }]);
});

it('names the part and its line in findings of the file and of the rows', async () => {
  using folder = temporaryFolder();
  const options = optionsOf(folder, ['a,b\n1,2\n', 'a,b\n1,2\n3\n4,5\n']);
  const { report, lines } = await readAll(options);
  expect(report.findings()).toMatchObject([{ code: 'ragged-row', file: options.parts[1], row: 3 }]);
  const located = reportByPart(report, options.parts);
  const [row, earlier] = [lines.at(-1)!, lines.at(-2)!];
  located.add({
    severity: 'error',
    code: 'x',
    message: `It is the same as row ${earlier}.`,
    file: 'part-*',
    row,
    fix: '',
  });
  expect(report.findings()[1]).toMatchObject({
    file: options.parts[1],
    row: 4,
    message: `It is the same as row 2 of ${options.parts[1]}.`,
  });
  located.note!(`The points are pixels, as row ${earlier} shows.`);
  expect(report.notes()).toEqual([`The points are pixels, as row 2 of ${options.parts[1]} shows.`]);
});

it('notices that a part changed, grew or is gone', async () => {
  using folder = temporaryFolder();
  const options = optionsOf(folder, ['a,b\n1,2\n', 'a,b\n3,4\n']);
  const signal = new AbortController().signal;
  const read = async () => {
    const reader = openReader(options);
    await readToEnd(reader);
    return reader;
  };
  const changed = expect.objectContaining({ code: 'source-changed-while-read' });
  await (await read()).confirm(signal);
  const before = await read();
  folder.write('a,b\n3,5\n', 'part-2');
  await expect(before.confirm(signal)).rejects.toEqual(changed);
  const shorter = await read();
  folder.write('a,b\n3,5\n6,7\n', 'part-2');
  await expect(shorter.confirm(signal)).rejects.toEqual(changed);
  const whole = await read();
  rmSync(options.parts[0]!);
  await expect(whole.confirm(signal)).rejects.toEqual(changed);
});

it('the shards of several files have each row once', async () => {
  using folder = temporaryFolder();
  const sizes = fc.array(fc.nat(200), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 2, max: 6 }), fc.boolean(), async (parts, count, packs) => {
      let next = 0;
      const texts = parts.map((rows) => `a,b\n${Array.from({ length: rows }, () => `${next++},x\n`).join('')}`);
      const options = optionsOf(folder, packs ? texts.map((text) => gzipSync(text)) : texts);
      for (const rows of ['own', 'all'] as const) {
        const found: string[] = [];
        for (let index = 0; index < count; index++) {
          const { rows: read, lines, reader } = await readAll({ ...options, shard: { index, count, rows } });
          const own = read.filter((_, at) => reader.isOwn(lines[at]!)).map(([cell]) => cell!);
          if (rows === 'own' && own.length > 0) expect(reader.passed).toBe(found.length);
          found.push(...own);
        }
        expect(found).toEqual(Array.from({ length: next }, (_, row) => String(row)));
      }
    }),
    { numRuns: 20 },
  );
});

it('surveys a pattern as one table, in natural order', async () => {
  using folder = temporaryFolder();
  for (const index of [10, 9, 1])
    folder.write(gzipSync(`id;x\n${index};1,5\n${index + 1};2,5\n`), `part-${index}.csv.gz`);
  folder.write('no part', '_SUCCESS.csv.gz');
  const path = join(folder.path, '*.csv.gz');
  const survey = await surveyPath(path, new AbortController().signal);
  expect(survey).toMatchObject({
    root: folder.path,
    manifests: [{ path, format: 'csv', rows: 6, columns: [{ name: 'id', ascending: true }, { name: 'x' }] }],
  });
  const delimiter = expect.objectContaining({ name: 'delimiter', value: ';' });
  expect(survey.manifests[0]!.options).toContainEqual(delimiter);
});

it('the number of a row says which part has it', () => {
  const source = { path: 'p*', parts: ['p1', 'p2'] };
  expect(rowInFile(source, 7)).toEqual({ file: 'p1', row: 7 });
  expect(rowInFile(source, rowInTable(1, 2 ** 35))).toEqual({ file: 'p2', row: 2 ** 35 });
  expect(rowInFile({ path: 'one' }, 7)).toEqual({ file: 'one', row: 7 });
});
