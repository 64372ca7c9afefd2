import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { codes, readContent } from './reading.test-support.js';

const CSV = 'name,age,label\nAnna,41,yes\nBert,25,no\nCarl,33,yes\nDora,58,no\n';
const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64');
const wrapped = (text: string) => text.replaceAll(/.{1,76}/g, '$&\r\n');
const bytes = (text: string) => Buffer.from(text, 'latin1');
const LFS = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4f7a1be2'.repeat(8)}\nsize 330454481\n`;

type Case = [what: string, content: string | Uint8Array, is: string, fix: string];

const FORMATS: Case[] = [
  ['a Git LFS pointer', LFS, 'a Git LFS pointer', 'Run `git lfs pull`'],
  ['a Git LFS pointer with CRLF', LFS.replaceAll('\n', '\r\n'), 'a Git LFS pointer', 'Run `git lfs pull`'],
  ['an HTML page', '<!DOCTYPE html>\n<html><body>Sign in</body></html>', 'an HTML page', 'Download the file itself'],
  ['HTML after blank lines', '\n\n  <html lang="en">\n', 'an HTML page', 'Download the file itself'],
  ['HTML after a comment', '<!-- x -->\n<HTML>\n', 'an HTML page', 'Download the file itself'],
  ['HTML with a byte order mark', '\ufeff<!doctype html><p>', 'an HTML page', 'Download the file itself'],
  ['XML', '<?xml version="1.0"?>\n<rows/>', 'an XML document', 'read_xml'],
  ['RTF', '{\\rtf1\\ansi a,b}', 'an RTF document', 'plain text'],
  ['a DVC pointer', 'outs:\n- md5: a304afb96060aad90176268345e10355\n  path: x.csv\n', 'a DVC pointer', '`dvc pull`'],
  ['NumPy', bytes("\x93NUMPY\x01\0v\0{'descr'"), 'a NumPy array', 'savetxt'],
  ['a pickle', bytes('\x80\x04\x95\x10\0\0'), 'a Python pickle', 'read_pickle'],
  ['Stata', '<stata_dta><header>', 'a Stata file', 'read_stata'],
  ['gzip in gzip', gzipSync(gzipSync(CSV)), 'a gzip archive', 'gunzip'],
  ['bzip2', bytes('BZh91AY&SY\x1b\x0d\xb1'), 'a bzip2 archive', 'bunzip2'],
  ['xz', bytes('\xfd7zXZ\0\0\x04'), 'an xz archive', 'unxz'],
  ['Zstandard', bytes('\x28\xb5\x2f\xfd\x04'), 'a Zstandard archive', 'unzstd'],
  ['7z', bytes('7z\xbc\xaf\x27\x1c\0\x04'), 'a 7z archive', '7z x'],
  ['tar', bytes(`${'data.csv'.padEnd(257, '\0')}ustar\x0000`), 'a tar archive', 'tar -xf'],
  ['a ZIP archive', bytes('PK\x03\x04\x14\0data.csv'), 'a ZIP archive', 'unzip'],
  ['xlsx', bytes('PK\x03\x04\x14\0[Content_Types].xml'), 'an Excel workbook', 'in `xlsx` instead'],
  [
    'ods',
    bytes('PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
    'an OpenDocument',
    'CSV UTF-8',
  ],
  ['xls', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0'), 'an Excel workbook', 'CSV UTF-8'],
  ['Parquet', bytes('PAR1\x15\x04\x15\x10'), 'a Parquet file', 'in `parquet` instead'],
  ['ORC', bytes('ORC\n\x03\x08\x01'), 'an ORC file', 'read_orc'],
  ['Arrow', bytes('ARROW1\0\0\xff'), 'an Arrow file', 'read_feather'],
  ['HDF5', bytes('\x89HDF\r\n\x1a\n\0'), 'an HDF5 file', 'read_hdf'],
  ['SQLite', bytes('SQLite format 3\0\x10'), 'an SQLite database', 'Export the table'],
  ['PDF', bytes('%PDF-1.7\n%\xe2\xe3'), 'a PDF document', 'from its source'],
  ['base64 of CSV', base64(CSV), 'in base64', 'base64 -d'],
  ['base64 of CSV in lines', wrapped(base64(CSV.repeat(200))), 'in base64', 'base64 -d'],
  ['base64 of gzip', base64(gzipSync(CSV)), 'in base64', 'base64 -d'],
  [
    'base64 of JSON',
    base64(JSON.stringify([{ name: 'Anna', age: 41, label: 'yes', note: 'x'.repeat(30) }], null, 1)),
    'in base64',
    'base64 -d',
  ],
  ['a data URI', `data:text/csv;base64,${base64('a,b\n1,2\n')}`, 'in base64', 'base64 -d'],
];

describe('a file that is not a table', () => {
  it.each(FORMATS)('is known as what it is: %s', async (_, content, is, fix) => {
    for (const format of ['csv', 'json'] as const) {
      const result = await readContent(content, format);
      expect(result.report.findings()).toEqual([
        expect.objectContaining({ code: 'other-format', file: 'data', fix: expect.stringContaining(fix) }),
      ]);
      expect(result.report.findings()[0]!.message).toContain(`The file is ${is}`);
      expect(result.header).toBeUndefined();
    }
  });

  it.each(['[{"a": 1}]', '{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', '\ufeff[\n  {"a": 1}\n]', '{"message":"Not Found"}'])(
    'is JSON that is read as CSV, and CSV that is read as JSON: %j',
    async (content) => {
      const { report } = await readContent(content, 'csv');
      expect(report.findings()).toMatchObject([{ code: 'other-format', fix: expect.stringContaining('in `json`') }]);
      const swapped = await readContent(CSV, 'json');
      expect(swapped.report.findings()).toMatchObject([{ code: 'not-json', fix: expect.stringContaining('in `csv`') }]);
      expect((await readContent(content, 'json')).report.findings().map(({ code }) => code)).not.toContain(
        'other-format',
      );
    },
  );

  it.each([
    ['PAR1,PAR2\n1,2\n'],
    ['BZh9,b\n1,2\n'],
    ['ORC,b\n1,2\n'],
    ['%PDF,b\n1,2\n'],
    ['<html>tag,b\n1,2\n'.slice(6)],
    ['version,oid\n1,2\n'],
    ['a<b,html\n1,2\n'],
    [`${'A'.repeat(80)}\n${'abcd'.repeat(20)}\n`],
    [`id\n${Array.from({ length: 40 }, (_, row) => `row${row}xyz`).join('\n')}\n`],
  ])('is not seen in a table that only begins like one: %j', async (content) => {
    const result = await readContent(content);
    expect(codes(result)).toEqual([]);
    expect(result.rows).not.toEqual([]);
  });
});
