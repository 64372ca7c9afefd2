import { describe, expect, it } from '@jest/globals';
import { default as iconv } from 'iconv-lite';
import { codes, csvFormat, readAll, readContent, temporaryFolder } from './reading.test-support.js';

const MARKED: readonly [string, Buffer][] = [
  ['UTF-8', iconv.encode('a,b\n1,é😀\n', 'utf-8', { addBOM: true })],
  ['UTF-16 with the low byte first', iconv.encode('a,b\n1,é😀\n', 'utf-16le', { addBOM: true })],
  ['UTF-16 with the high byte first', iconv.encode('a,b\n1,é😀\n', 'utf-16be', { addBOM: true })],
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
  ['gb18030', '姓名,x\n乗㐂,"车\n"\n'],
  ['shift_jis', '氏名,x\nソ表能,"十\nｱ"\n'],
  ['euc-kr', '이름,x\n뷁,"서울"\n'],
  ['big5', '姓名,x\n功許蓋,1\n'],
  ['cp437', 'name,x\nÅse,½\n'],
  ['cp850', 'name,x\nJoão,1\n'],
])('%s is read by the option, as the same text in UTF-8', async (encoding, text) => {
  const { header, rows, lines } = await readContent(text);
  expect(rows.length).toBeGreaterThan(0);
  const name = encoding === 'utf-16' ? 'utf-16le' : encoding;
  for (const chunkSize of [1, 5, 1000]) {
    expect(await readContent(iconv.encode(text, name), 'csv', { encoding, chunkSize })).toMatchObject({
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
    'Set `spec.csv_options.encoding: windows-1252`, which reads "Genève". It may also be windows-1257, which reads "Genčve": look which of the two is right.',
  );
});

it('the fix of a damaged file with a byte order mark advises no other encoding', async () => {
  const content = Buffer.concat([Buffer.from('\ufeffa,b\n1,'), Buffer.from('é\n', 'latin1')]);
  const [finding] = (await readContent(content)).report.findings();
  expect(finding).toMatchObject({ code: 'not-utf8', fix: expect.stringContaining('it is damaged') });
});

it.each(['utf-16le', 'utf-16be', 'gb18030', 'shift_jis', 'cp850'])(
  'the shards of a file in %s are its rows, each once and in order',
  async (encoding) => {
    const words =
      encoding === 'cp850' ? ['João', '"ä\nö"', 'é'] : ['表', '"十\n中"', encoding.startsWith('utf') ? '😀ਊ' : '日本'];
    const lines = Array.from({ length: 400 }, (_, index) => `${index},${words[index % 3]}`);
    using folder = temporaryFolder();
    const path = folder.write(iconv.encode(`a,b\n${lines.join('\n')}\n`, encoding));
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
    expect(codes(result)).toEqual([['utf8-despite-option', 1]]);
    expect((await readContent('a,b\nOrleans,Koeln\n', 'csv', { encoding })).rows).toEqual([['Orleans', 'Koeln']]);
  },
);
