import { expect, it } from '@jest/globals';
import { default as iconv } from 'iconv-lite';
import { UnreadableError } from '../findings/findings.js';
import { decodeXml } from './xml.js';

const xml = (encoding: string, text: string) => `<?xml version="1.0" encoding="${encoding}" ?>\n<name>${text}</name>`;

async function findingOf(bytes: Uint8Array) {
  const error: unknown = await decodeXml(bytes).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return error instanceof UnreadableError ? error.finding : error;
}

it.each([
  ['gb2312', 'gb2312', '车 人'],
  ['GBK', 'gbk', '車'],
  ['ISO-8859-1', 'latin1', 'chien doré'],
  ['windows-1251', 'windows-1251', 'собака'],
  ['Shift_JIS', 'shift_jis', '犬ソ'],
  ['EUC-KR', 'euc-kr', '자동차'],
  ['utf-8', 'utf-8', 'ü'],
  ['utf-16', 'utf-8', 'ü'],
])('a document that states %s is read in %s', async (stated, encoding, text) => {
  expect(await decodeXml(iconv.encode(xml(stated, text), encoding))).toBe(xml(stated, text));
});

it.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32le'])('a byte order mark of %s has priority', async (encoding) => {
  const text = xml('gb2312', '车');
  expect(await decodeXml(iconv.encode(text, encoding, { addBOM: true }))).toBe(text);
});

it('a document that states nothing is UTF-8, or a finding that proposes an encoding', async () => {
  expect(await decodeXml(Buffer.from('<a>ü</a>'))).toBe('<a>ü</a>');
  expect(await findingOf(iconv.encode('<a>собака</a>', 'windows-1251'))).toMatchObject({
    code: 'not-utf8',
    value: '0xF1',
    fix: expect.stringContaining('iconv -f WINDOWS-1251 -t UTF-8'),
  });
});

it.each([
  ['UTF-8', Buffer.from(xml('UTF-8', 'doré'), 'latin1'), 'not-utf8'],
  ['gb2312', Buffer.from([...Buffer.from(xml('gb2312', '')), 0xff]), 'invalid-byte'],
])('the fix of a document that is not in %s as it states advises no other encoding', async (_, bytes, code) => {
  const finding = await findingOf(bytes);
  expect(finding).toMatchObject({ code, fix: expect.stringContaining('Correct the encoding that the XML') });
  expect(JSON.stringify(finding)).not.toMatch(/WINDOWS-125|iconv/i);
});

it.each(['ISO-8859-1', 'windows-1252', 'gb2312', 'Shift_JIS'])(
  'a document of UTF-8 that states %s is not read in it',
  async (stated) => {
    const text = stated === 'gb2312' || stated === 'Shift_JIS' ? '汽车和人' : 'größer als Köln';
    expect(await findingOf(Buffer.from(xml(stated, text)))).toMatchObject({
      code: 'encoding-contradicted',
      value: stated,
      fix: 'State UTF-8 in the XML declaration.',
    });
  },
);

it('an encoding that is not known is a finding', async () => {
  expect(await findingOf(Buffer.from(xml('klingon', 'a')))).toMatchObject({ code: 'not-utf8', value: 'klingon' });
});
