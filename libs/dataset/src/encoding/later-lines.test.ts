import { describe, expect, it } from '@jest/globals';
import { default as iconv } from 'iconv-lite';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { csvFormat, readAll, temporaryFolder } from '../manifest/reading.test-support.js';

const MIB = 1 << 20;
const HEADER = 'name,place\n';
/** Words of languages, in lines of a table, and encodings of single bytes that have their letters. */
const LANGUAGES: readonly (readonly [name: string, encoding: string, lines: string])[] = [
  ['French', 'windows-1252', 'Élodie,Orléans\nRené,Nîmes\nFrançois,Besançon\nZoé,Châlons\n'],
  ['German', 'windows-1252', 'Jürgen,München\nGötz,Köln\nBärbel,Gießen\nSöhnke,Düren\n'],
  ['Spanish', 'iso-8859-15', 'José,Málaga\nBegoña,Logroño\nÁngel,Córdoba\nMaría,León\n'],
  ['Polish', 'windows-1250', 'Łukasz,Łódź\nŚwiętosława,Gdańsk\nŻaneta,Kraków\nMałgorzata,Poznań\n'],
  ['Czech', 'iso-8859-2', 'Jiří,Plzeň\nTomáš,Třebíč\nŠárka,Děčín\nŽofie,Příbram\n'],
  ['Russian', 'windows-1251', 'Пётр,Москва\nОльга,Казань\nЮрий,Пермь\nЁлкин,Тула\n'],
  ['Ukrainian', 'windows-1251', 'Їжак,Київ\nОлена,Львів\nЄвген,Харків\nҐудзь,Рівне\n'],
  ['Greek', 'windows-1253', 'Γιώργος,Αθήνα\nΕλένη,Πάτρα\nΜαρία,Βόλος\nΆννα,Ρόδος\n'],
  ['Turkish', 'windows-1254', 'Gülşen,Eskişehir\nÖmer,İzmir\nIşıl,Çanakkale\nUğur,Muğla\n'],
  ['Latvian', 'windows-1257', 'Jānis,Rīga\nKārlis,Liepāja\nŽanete,Jēkabpils\nĒriks,Cēsis\n'],
  ['Chinese', 'gb18030', '王伟,北京\n李娜,上海\n张敏,广州\n刘洋,深圳\n'],
  ['Japanese', 'shift_jis', '田中,東京\nスズキ,大阪\nこんにちは,神戸\n佐藤,横浜\n'],
];

const LINE = `Ann,Rome${' and more'.repeat(180)}\n`;
const ascii = (length: number) => Buffer.from(LINE.repeat(Math.ceil(length / LINE.length)));
/** More than is searched at the beginning of a file. */
const BEFORE = ascii(1.01 * MIB);
/** More than is read at a time. */
const BETWEEN = ascii(70_000);

async function read(content: Uint8Array, encoding: string, csv: Partial<CsvFormat> = {}) {
  using folder = temporaryFolder();
  const path = folder.write(content);
  const options = { format: 'csv', path, file: 'data', csv: { ...csvFormat, encoding, ...csv }, missing: 'tokens' };
  const { report, rows } = await readAll({ ...options, missing: 'tokens' });
  return { rows, findings: report.findings() };
}

describe.each(LANGUAGES)('%s in a file that is stated as %s', (_name, encoding, words) => {
  const own = iconv.encode(words, encoding);

  it('is reported if it is UTF-8 after the beginning, and the fix reads it', async () => {
    const content = Buffer.concat([Buffer.from(HEADER), BEFORE, Buffer.from(words)]);
    const { findings } = await read(content, encoding);
    const row = 2 + BEFORE.length / LINE.length;
    // The words may not be valid in the encoding, which is an error.
    const code = findings[0]?.severity === 'error' ? 'invalid-byte' : 'doubtful-encoding';
    expect(findings[0]!.row! - row).toBeGreaterThanOrEqual(0);
    expect(findings[0]!.row! - row).toBeLessThan(4);
    if (code === 'doubtful-encoding') expect(findings[0]!.row).toBe(row);
    expect(findings).toMatchObject([{ code, fix: expect.stringMatching(/[Rr]emove `spec\.csv_options\.encoding`/) }]);
    const fixed = await read(content, 'utf-8');
    expect(fixed.findings).toEqual([]);
    expect(
      fixed.rows
        .slice(-4)
        .map((cells) => `${cells.join(',')}\n`)
        .join(''),
    ).toBe(words);
  });

  it('is reported if later lines are UTF-8 and others are not', async () => {
    const first = Buffer.concat(Array.from({ length: 200 }, () => Buffer.concat([own, ascii(500)])));
    const content = Buffer.concat([Buffer.from(HEADER), first, BEFORE, Buffer.from(words), own]);
    const { findings } = await read(content, encoding);
    const code = findings[0]?.severity === 'error' ? 'invalid-byte' : 'doubtful-encoding';
    expect(findings).toMatchObject([{ code, fix: expect.any(String) }]);
    if (code === 'doubtful-encoding') expect(findings[0]!.fix).toBe('Write all lines in one encoding.');
    const row = content.subarray(0, content.indexOf(Buffer.from(words))).filter((byte) => byte === 0x0a).length + 1;
    // Some lines of UTF-8 are valid in the encoding before one is not.
    if (code === 'doubtful-encoding') expect(findings[0]!.row).toBe(row);
    else expect(findings[0]!.row).toBeGreaterThanOrEqual(row);
  });

  it('is not doubted where it is right, however the file is cut', async () => {
    const some = Buffer.concat([own, ascii(60), own, own]);
    const long = Buffer.concat([BEFORE, some, BETWEEN, own]);
    for (const [content, chunkSize] of [
      [some, 4001],
      [some, 65536],
      [long, 4001],
    ] as const) {
      const { findings } = await read(Buffer.concat([Buffer.from(HEADER), content]), encoding, { chunkSize });
      expect(findings).toEqual([]);
    }
  });
});

it.each([LANGUAGES[0]!, LANGUAGES[5]!, LANGUAGES[9]!])(
  '%s in %s after the beginning of a file of UTF-8 is an error with its line',
  async (_name, encoding, words) => {
    const content = Buffer.concat([Buffer.from(HEADER), BEFORE, iconv.encode(words, encoding)]);
    const { findings } = await read(content, 'utf-8');
    const row = 2 + BEFORE.length / LINE.length;
    expect(findings).toMatchObject([{ code: 'not-utf8', severity: 'error', file: 'data', row }]);
    expect(findings[0]!.fix).toContain(encoding);
  },
);

it('finds one line among many, also where chunks are cut within it', async () => {
  const after = iconv.encode('Jürgen,Köln\n'.repeat(2000), 'windows-1252');
  const content = Buffer.concat([Buffer.from(HEADER), BETWEEN, after, Buffer.from('Zoë,Malmö\n'), after]);
  for (const chunkSize of [256, 1000, 4096, 65536]) {
    const { findings } = await read(content, 'windows-1252', { chunkSize });
    expect(findings).toMatchObject([{ code: 'doubtful-encoding', row: 2 + BETWEEN.length / LINE.length + 2000 }]);
    expect(findings[0]!.message).toContain('"Zoë" in UTF-8');
  }
});

it('doubts an encoding whose letters first occur after the beginning, and names the right one', async () => {
  const content = Buffer.concat([Buffer.from(HEADER), BEFORE, iconv.encode(LANGUAGES[5]![2], 'windows-1251')]);
  const { findings } = await read(content, 'windows-1252');
  expect(findings).toMatchObject([{ code: 'doubtful-encoding', fix: expect.stringContaining('windows-1251') }]);
});

it('leaves a file with a byte order mark alone', async () => {
  const content = Buffer.concat([Buffer.from(`\ufeff${HEADER}`), BEFORE, Buffer.from('Zoë,Malmö\n')]);
  expect((await read(content, 'windows-1252')).findings).toEqual([]);
});

it('looks at the lines of JSON too', async () => {
  using folder = temporaryFolder();
  const line = `{"a": "${'and more'.repeat(20)}"}\n`;
  const path = folder.write(`${line.repeat(Math.ceil((1.1 * MIB) / line.length))}{"a": "Zoë, Malmö"}\n`);
  const csv = { ...csvFormat, encoding: 'windows-1252' };
  const { report } = await readAll({ format: 'json', path, file: 'data', csv, missing: 'tokens' });
  expect(report.findings()).toMatchObject([{ code: 'doubtful-encoding', severity: 'warning' }]);
});
