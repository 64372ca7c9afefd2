import { describe, expect, it } from '@jest/globals';
import { default as iconv } from 'iconv-lite';
import { encode } from '../encoding/encode.test-support.js';
import { codes, csvFormat, readAll, readContent, temporaryFolder } from './reading.test-support.js';

const MARKED: readonly [string, Buffer][] = [
  ['UTF-8', iconv.encode('a,b\n1,é😀\n', 'utf-8', { addBOM: true })],
  ['UTF-16 with the low byte first', iconv.encode('a,b\n1,é😀\n', 'utf-16le', { addBOM: true })],
  ['UTF-16 with the high byte first', iconv.encode('a,b\n1,é😀\n', 'utf-16be', { addBOM: true })],
  ['UTF-32 with the low byte first', iconv.encode('a,b\n1,é😀\n', 'utf-32le', { addBOM: true })],
  ['UTF-32 with the high byte first', iconv.encode('a,b\n1,é😀\n', 'utf-32be', { addBOM: true })],
];

describe('a byte order mark', () => {
  it.each(MARKED)('of %s is read without an option, and in spite of another one', async (_, content) => {
    for (const encoding of ['utf-8', 'windows-1252', 'utf-16', 'utf-16be', 'utf-16le']) {
      for (const chunkSize of [1, 3, 1000]) {
        const { header, rows, lines, report } = await readContent(content, 'csv', { encoding, chunkSize });
        expect({ header, rows, lines, errors: report.errors }).toEqual({
          header: ['a', 'b'],
          rows: [['1', 'é😀']],
          lines: [2],
          errors: 0,
        });
      }
    }
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be'])('of %s is read in JSON too', async (encoding) => {
    for (const json of ['[{"a":"é"},{"a":"中"}]', '{"a":"é"}\n{"a":"中"}\n']) {
      const { rows } = await readContent(iconv.encode(json, encoding, { addBOM: true }), 'json');
      expect(rows).toEqual([['é'], ['中']]);
    }
  });
});

it.each([
  ['windows-1250', 'name,x\nŁódź,"a\nß"\n'],
  ['windows-1251', 'имя,x\nМосква,1\n'],
  ['utf-16', 'name,x\nਊ∊Ċ,"中\nਊ"\n'],
  ['utf-16be', 'name,x\nਊ∊Ċ,"中\nਊ"\n'],
  ['utf-32', 'name,x\nਊ∊Ċ,"中\nਊ"\n'],
  ['utf-32be', 'name,x\nਊ∊Ċ,"中\nਊ"\n'],
  ['iso-2022-jp', '日本,x\n東京,"あ\nソ"\n'],
  ['gb18030', '姓名,x\n乗㐂,"车\n"\n'],
  ['shift_jis', '氏名,x\nソ表能,"十\nｱ"\n'],
  ['euc-kr', '이름,x\n뷁,"서울"\n'],
  ['big5', '姓名,x\n功許蓋,1\n'],
  ['cp437', 'name,x\nÅse,½\n'],
  ['cp850', 'name,x\nJoão,1\n'],
])('%s is read by the option, as the same text in UTF-8', async (encoding, text) => {
  const { header, rows, lines } = await readContent(text);
  expect(rows.length).toBeGreaterThan(0);
  const name = /^utf-(16|32)$/.test(encoding) ? `${encoding}le` : encoding;
  for (const chunkSize of [1, 5, 1000]) {
    expect(await readContent(encode(text, name), 'csv', { encoding, chunkSize })).toMatchObject({
      header,
      rows,
      lines,
    });
  }
});

it('an invalid byte of another encoding is an error with its line and offset, after the rows before it', async () => {
  const content = Buffer.concat([Buffer.from('a,b\n1,2\n3,'), Buffer.from([0xb3, 0xb5, 0xff, 0x0a])]);
  const result = await readContent(content, 'csv', { encoding: 'gb18030' });
  expect(result.rows).toEqual([['1', '2']]);
  expect(codes(result)).toEqual([['invalid-byte', 3]]);
  expect(result.report.findings()[0]).toMatchObject({
    value: '0xFF',
    expected: 'gb18030 text',
    message: 'The byte at offset 12 is not valid in gb18030; the rest of the file was not checked.',
  });
});

it('half a character at the end of UTF-16 is an error', async () => {
  const content = iconv.encode('a,b\n1,2\n', 'utf-16le', { addBOM: true }).subarray(0, -1);
  expect(codes(await readContent(content))).toEqual([['invalid-byte', 2]]);
});

it.each([
  ['cp850', 'name;site\r\nAndré;Orléans\r\nZoé;Nîmes\r\nUlla;Malmö\r\nPia;Köln\r\n'],
  ['windows-1252', 'a;b\n1;café\n'],
  ['ibm866', 'a;b\n1;Санкт-Петербург\n'],
  ['koi8-r', 'a;b\n1;Санкт-Петербург\n'],
  ['gb18030', 'a;b\n车;人\n北京;上海\n'],
  ['utf-16le', 'a;b\n1;café\n'],
])('the fix of a file in %s names an encoding by which it reads as it was written', async (encoding, text) => {
  const content = iconv.encode(text, encoding);
  const [finding] = (await readContent(content, 'csv', { delimiter: ';' })).report.findings();
  expect(finding).toMatchObject({ code: 'not-utf8' });
  const advised = /`spec\.csv_options\.encoding: ([\w-]+)`/.exec(finding!.fix)![1]!;
  const clean = await readContent(text, 'csv', { delimiter: ';' });
  const { header, rows } = await readContent(content, 'csv', { delimiter: ';', encoding: advised });
  expect({ header, rows }).toEqual({ header: clean.header, rows: clean.rows });
});

it('the fix shows one word in both readings if two encodings make words', async () => {
  const content = iconv.encode('a,b\nGenève,Übersee\nSão Paulo,5\n', 'windows-1252');
  const [finding] = (await readContent(content)).report.findings();
  expect(finding!.fix).toBe(
    'Set `spec.csv_options.encoding: windows-1252`. It reads "Genève" then. It may also be windows-1257, which reads "Genčve": look which of the two is right.',
  );
});

it('the fix of a damaged file with a byte order mark advises no other encoding', async () => {
  const content = Buffer.concat([Buffer.from('\ufeffa,b\n1,'), Buffer.from('é\n', 'latin1')]);
  const [finding] = (await readContent(content)).report.findings();
  expect(finding).toMatchObject({ code: 'not-utf8', fix: expect.stringContaining('it is damaged') });
});

it.each(['utf-16le', 'utf-16be', 'utf-32le', 'iso-2022-jp', 'gb18030', 'shift_jis', 'cp850'])(
  'the shards of a file in %s are its rows, each once and in order',
  async (encoding) => {
    const words =
      encoding === 'cp850' ? ['João', '"ä\nö"', 'é'] : ['東', '"京\nソ"', encoding.startsWith('utf') ? '😀ਊ' : '日本'];
    const lines = Array.from({ length: 400 }, (_, index) => `${index},${words[index % 3]}`);
    using folder = temporaryFolder();
    const path = folder.write(encode(`a,b\n${lines.join('\n')}\n`, encoding));
    const read = (index: number, count: number) => {
      // Processes need not read in chunks of one size.
      const csv = { ...csvFormat, encoding, chunkSize: [65_536, 101, 64][index % 3]! };
      const shard = { index, count, rows: 'own' } as const;
      return readAll({ format: 'csv', path, file: 'data', csv, missing: 'tokens', shard });
    };
    const whole = await read(0, 1);
    expect(whole.rows).toHaveLength(400);
    for (const count of [2, 3, 17, 64]) {
      const shards = await Promise.all(Array.from({ length: count }, (_, index) => read(index, count)));
      expect(shards.flatMap(({ rows }) => rows)).toEqual(whole.rows);
      expect(shards.flatMap((shard) => shard.lines)).toEqual(whole.lines);
    }
  },
);

it.each(['windows-1252', 'windows-1251', 'cp850', 'koi8-r', 'macintosh'])(
  'a file of UTF-8 is not read in %s, in which it would have other characters',
  async (encoding) => {
    const result = await readContent('a,b\nOrléans,Köln\n', 'csv', { encoding });
    expect(result.header).toBeUndefined();
    expect(codes(result)).toEqual([['encoding-contradicted', 1]]);
    expect((await readContent('a,b\nOrleans,Koeln\n', 'csv', { encoding })).rows).toEqual([['Orleans', 'Koeln']]);
  },
);

it.each([
  ['utf-16', Buffer.from('a,b\n1,22\n'), 'Remove `spec.csv_options.encoding`.'],
  ['utf-32', Buffer.from('a,b\n1,22\n'), 'Remove `spec.csv_options.encoding`.'],
  ['gb18030', Buffer.from('标签,b\n汽车,1\n'), 'Remove `spec.csv_options.encoding`.'],
  ['shift_jis', Buffer.from('名前,b\nソース,1\n'), 'Remove `spec.csv_options.encoding`.'],
  ['windows-1252', encode('a,b\n1,2\n', 'utf-16le'), 'Set `spec.csv_options.encoding: utf-16le`.'],
  ['utf-16le', encode('a,b\n1,2\n', 'utf-16be'), 'Set `spec.csv_options.encoding: utf-16be`.'],
  ['utf-16', encode('a,b\n1,2\n', 'utf-32le'), 'Set `spec.csv_options.encoding: utf-32le`.'],
])('a file that contradicts the option %s is an error, whose fix reads it', async (encoding, content, fix) => {
  const result = await readContent(content, 'csv', { encoding });
  expect(codes(result)).toEqual([['encoding-contradicted', 1]]);
  expect(result.report.findings()[0]).toMatchObject({ fix });
  const advised = /encoding: ([\w-]+)/.exec(fix)?.[1] ?? 'utf-8';
  expect((await readContent(content, 'csv', { encoding: advised })).rows).toHaveLength(1);
});

it('utf-16 without a mark is read in the order that the file has', async () => {
  for (const order of ['utf-16le', 'utf-16be']) {
    const { rows } = await readContent(encode('имя,x\nМосква,1\n', order), 'csv', { encoding: 'utf-16' });
    expect(rows).toEqual([['Москва', '1']]);
  }
});

it.each(['utf-16le', 'utf-16be'])('%s that begins with other letters than ASCII is recognised', async (encoding) => {
  const text = '标签,一\n上海,"车\n人"\n广州,一\n';
  const [finding] = (await readContent(encode(text, encoding))).report.findings();
  expect(finding).toMatchObject({ code: 'not-utf8', fix: `Set \`spec.csv_options.encoding: ${encoding}\`.` });
  const { rows } = await readContent(encode(text, encoding), 'csv', { encoding });
  expect(rows).toEqual((await readContent(text)).rows);
});

it('a few NULs do not make a file UTF-16', async () => {
  for (const text of ['a,b\n1\0,22\n3\0,44\n', 'a,b\n11\0\n33\0\n', '\0\0\0\0a,b\n1,2\n', 'a,b\n1,2\0\n3,4\0\n5,6\0\n'])
    expect(codes(await readContent(text)).map(([code]) => code)).not.toContain('not-utf8');
});

it('a file whose words show another encoding than the option is a warning, whose fix reads it', async () => {
  const text = 'имя,x\nПривет,1\nМосква,2\nОльга,3\n';
  const content = encode(text, 'windows-1251');
  const result = await readContent(content, 'csv', { encoding: 'windows-1252' });
  expect(result.report).toMatchObject({ errors: 0, warnings: 1 });
  expect(result.report.findings()).toMatchObject([
    {
      code: 'doubtful-encoding',
      message: 'The file reads "èìÿ" in windows-1252, which is stated, and "имя" in windows-1251.',
      fix: 'If the second reading is right, set `spec.csv_options.encoding: windows-1251`. If the first is, leave it.',
    },
  ]);
  const right = await readContent(content, 'csv', { encoding: 'windows-1251' });
  expect([right.rows, right.report.warnings]).toEqual([(await readContent(text)).rows, 0]);
});

describe('a file in two encodings', () => {
  const [utf8, others] = [Buffer.from('x,Köln\nx,Malmö\n'), encode('x,Orléans\nx,Nîmes\nx,Zürich\n', 'windows-1252')];
  const content = Buffer.concat([Buffer.from('a,b\n'), others, utf8]);

  it('is an error that says so', async () => {
    expect((await readContent(content)).report.findings()).toMatchObject([
      {
        code: 'not-utf8',
        row: 2,
        fix: 'Write all lines in one encoding: some are UTF-8, and others make words in windows-1252.',
      },
    ]);
  });

  it('is a warning if one of them is stated', async () => {
    const { report } = await readContent(content, 'csv', { encoding: 'windows-1252' });
    expect(report.findings()).toMatchObject([
      { code: 'doubtful-encoding', severity: 'warning', fix: 'Write all lines in one encoding.' },
    ]);
  });
});

it.each([
  ['windows-1252', encode('a,b\n1,Orléans\n2,Nîmes\n3,für\n', 'cp850'), 'encoding: cp850'],
  [
    'gb18030',
    Buffer.concat([encode('a,b\n1,北京\n2,上海\n', 'gb18030'), Buffer.from([0xff, 0x0a])]),
    'the other lines make words in gb18030',
  ],
])('the fix of a byte that is not valid in %s looks at the words', async (encoding, content, fix) => {
  const [finding] = (await readContent(content, 'csv', { encoding })).report.findings();
  expect(finding).toMatchObject({ code: 'invalid-byte', fix: expect.stringContaining(fix) as unknown });
});
