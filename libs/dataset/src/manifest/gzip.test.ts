import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { default as iconv } from 'iconv-lite';
import { surveyPath } from '../survey/survey.js';
import { codes, csvFormat, readAll, readContent, readToEnd, temporaryFolder } from './reading.test-support.js';
import { openReader } from './reader.js';

const table = (rows: number) =>
  `id,text\n${Array.from({ length: rows }, (_, row) => `${row},${(row * 2_654_435_761) % 4_294_967_291}\n`).join('')}`;

describe('a gzip archive', () => {
  it.each(['csv', 'json'])('of %s is read as the file in it, whatever its name is', async (format) => {
    const content = format === 'csv' ? 'a,b\n1,é\n\n2,"x\ny"\n' : '{"a":1,"b":"é"}\n{"a":2,"b":"y"}\n';
    const [plain, packed] = [await readContent(content, format), await readContent(gzipSync(content), format)];
    const { header, rows, lines } = packed;
    expect({ header, rows, lines }).toEqual({ header: plain.header, rows: plain.rows, lines: plain.lines });
    expect(packed.report.findings()).toEqual([]);
    expect(packed.reader.read).toBe(packed.reader.size);
  });

  it('may consist of several members, and end with zeros', async () => {
    const members = ['a,b\n1', ',2\n', '3,4\n'].map((text) => gzipSync(text));
    for (const chunkSize of [1, 7, 65_536]) {
      const { rows, report } = await readContent(Buffer.concat([...members, Buffer.alloc(512)]), 'csv', { chunkSize });
      expect([rows, report.findings()]).toEqual([
        [
          ['1', '2'],
          ['3', '4'],
        ],
        [],
      ]);
    }
  });

  it.each([
    ['ends too early', (archive: Buffer) => archive.subarray(0, -9), 'ends before its content does'],
    ['has no trailer', (archive: Buffer) => archive.subarray(0, -8), 'ends before its content does'],
    [
      'has another checksum',
      (archive: Buffer) => Buffer.concat([archive.subarray(0, -8), Buffer.alloc(8)]),
      'is damaged',
    ],
    ['is followed by other bytes', (archive: Buffer) => Buffer.concat([archive, Buffer.from('rest')]), 'is damaged'],
    ['has bytes after zeros', (archive: Buffer) => Buffer.concat([archive, Buffer.from('\0\0x')]), 'follow the end'],
  ])('that %s is an error, after the rows before that place', async (_, damage, message) => {
    for (const chunkSize of [100, 65_536]) {
      const { rows, report, reader } = await readContent(damage(gzipSync(table(30_000))), 'csv', { chunkSize });
      expect(report.findings()).toMatchObject([{ code: 'damaged-gzip', file: 'data' }]);
      expect(report.findings()[0]!.message).toContain(message);
      expect([rows.length > 20_000, reader.complete]).toEqual([true, false]);
    }
  });

  it('of another format names that format', async () => {
    const result = await readContent(gzipSync(gzipSync('a,b\n')));
    expect(codes(result)).toEqual([['other-format', 1]]);
    expect(result.report.findings()[0]!.message).toContain('is a gzip archive');
  });

  it('has its text in the encoding that is stated, and the advice is that of the text', async () => {
    const packed = gzipSync(iconv.encode('name,x\nMüller,1\nGröße,2\nStraße,3\nBäcker,4\n', 'windows-1252'));
    const stated = await readContent(packed, 'csv', { encoding: 'windows-1252' });
    expect([stated.rows[0], stated.report.findings()]).toEqual([['Müller', '1'], []]);
    const { report } = await readContent(packed);
    expect(report.findings()).toMatchObject([{ code: 'not-utf8' }]);
    expect(report.findings()[0]!.fix).toContain('windows-1252');
    const wide = await readContent(gzipSync(iconv.encode('a,b\n1,é\n', 'utf-16le', { addBOM: true })), 'csv', {
      encoding: 'utf-16',
    });
    expect(wide.rows).toEqual([['1', 'é']]);
  });

  it('that changes after it was read is noticed', async () => {
    using folder = temporaryFolder();
    const path = folder.write(gzipSync(table(10)));
    const reader = openReader({ format: 'csv', path, file: 'data', csv: csvFormat, missing: 'tokens' });
    const signal = new AbortController().signal;
    await readToEnd(reader);
    await reader.confirm(signal);
    folder.write(gzipSync(table(11)));
    await expect(reader.confirm(signal)).rejects.toMatchObject({ code: 'source-changed-while-read' });
  });

  it('is found by init, with its delimiter, its types and its encoding', async () => {
    using folder = temporaryFolder();
    const text = `name;x\n${'Müller;1,5\nGröße;2,5\nStraße;3,5\n'.repeat(20)}`;
    folder.write(gzipSync(iconv.encode(text, 'windows-1252')), 'data.csv.gz');
    folder.write(gzipSync('{"a":1}\n{"a":2}\n'), 'lines.jsonl.gz');
    const { manifests } = await surveyPath(folder.path, new AbortController().signal);
    expect(manifests).toMatchObject([
      { format: 'csv', rows: 60, columns: [{ name: 'name' }, { name: 'x' }] },
      { format: 'json', rows: 2, columns: [{ name: 'a', sql: 'INT' }] },
    ]);
    const needed = { delimiter: ';', encoding: 'windows-1252' };
    for (const [name, value] of Object.entries(needed)) {
      expect(manifests[0]!.options).toContainEqual(expect.objectContaining({ name, value }));
    }
  });
});

it('the shards of a gzip archive have each row once, in any chunks, and each knows the rows before its own', async () => {
  using folder = temporaryFolder();
  const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 2, max: 7 }),
      fc.array(fc.integer({ min: 100, max: 5000 }), { minLength: 7, maxLength: 7 }),
      async (members, count, chunks) => {
        const texts = members.map((rows, index) => (index === 0 ? table(rows) : table(rows).slice('id,text\n'.length)));
        const path = folder.write(Buffer.concat(texts.map((text) => gzipSync(text))));
        const whole = await readAll({ format: 'csv', path, file: 'x', csv: csvFormat, missing: 'tokens' });
        const found: string[][] = [];
        for (const rows of ['own', 'all'] as const) {
          found.length = 0;
          for (let index = 0; index < count; index++) {
            const csv = { ...csvFormat, chunkSize: chunks[index]! };
            const options = {
              format: 'csv',
              path,
              file: 'x',
              csv,
              missing: 'tokens',
              shard: { index, count, rows },
            } as const;
            const { rows: read, lines, reader } = await readAll(options);
            const own = read.filter((_, at) => reader.isOwn(lines[at]!));
            if (own.length > 0) expect(own[0]).toEqual(whole.rows[found.length]);
            if (rows === 'own' && own.length > 0) expect(reader.passed).toBe(found.length);
            found.push(...own);
          }
          expect(found).toEqual(whole.rows);
        }
      },
    ),
    { numRuns: 5 },
  );
});
