import { expect, it } from '@jest/globals';
import { encodingNamed } from './encodings.js';

it.each([
  ['utf-8', ['utf-8', 'UTF-8', 'utf8', 'utf-8-sig', 'utf_8', ' Utf-8 ']],
  ['utf-16', ['UTF-16', 'utf16', 'utf_16', 'UCS-2']],
  ['utf-16le', ['UTF-16LE', 'utf-16-le', 'utf_16_le']],
  ['utf-16be', ['UTF-16BE', 'utf_16_be']],
  [
    'windows-1252',
    ['windows-1252', 'cp1252', 'CP-1252', 'latin1', 'latin-1', 'latin_1', 'iso-8859-1', 'ISO8859-1', 'ANSI'],
  ],
  ['windows-1250', ['WINDOWS-1250', 'cp1250', 'win1250']],
  ['iso-8859-2', ['latin2', 'iso8859_2', 'ISO-8859-2']],
  ['iso-8859-15', ['iso8859-15', 'ISO_8859-15', 'iso8859_15']],
  ['gb18030', ['gb18030', 'GB2312', 'gbk', 'cp936', 'EUC-CN']],
  ['shift_jis', ['shift_jis', 'Shift-JIS', 'sjis', 'cp932', 'MS932']],
  ['euc-kr', ['euc-kr', 'EUC_KR', 'cp949', 'uhc']],
  ['ibm866', ['cp866', 'IBM866', '866']],
  ['cp850', ['cp850', 'CP850', 'ibm850', 'IBM-850', '850', 'cp-850']],
  ['cp437', ['cp437', '437', 'IBM437']],
  ['macintosh', ['macintosh', 'mac_roman']],
  ['utf-32', ['UTF-32', 'utf32', 'utf_32', 'UCS-4']],
  ['utf-32le', ['UTF-32LE', 'utf-32-le', 'utf_32_le']],
  ['utf-32be', ['UTF-32BE', 'utf_32_be']],
  ['iso-2022-jp', ['iso-2022-jp', 'ISO-2022-JP', 'iso2022_jp', 'iso2022jp']],
  [undefined, ['utf-7', 'klingon', '', 'iso-2022-kr', 'hz-gb-2312', 'x-user-defined', 'cp999', '1252x']],
])('%s is known by the names that people write', (encoding, names) => {
  expect(names.map((name) => [name, encodingNamed(name)])).toEqual(names.map((name) => [name, encoding]));
});
