import { expect, it } from '@jest/globals';
import { default as iconv } from 'iconv-lite';
import { encode } from '../encoding/encode.test-support.js';
import type { ManifestProfile } from '@tracebloc/ingestor-contract';
import { temporaryFolder } from '../manifest/reading.test-support.js';
import { createReport } from '../findings/report.js';
import { surveyPath } from './survey.js';

const { signal } = new AbortController();

async function profileOf(content: string | Uint8Array, name: string): Promise<ManifestProfile> {
  using folder = temporaryFolder();
  const report = createReport();
  const { manifests } = await surveyPath(folder.write(content, name), signal, report);
  expect(report.findings()).toEqual([]);
  return manifests[0]!;
}

const STAFF = 'name;site;left\r\nAndré;Orléans;no\r\nZoé;Nîmes;yes\r\nUlla;Malmö;no\r\nPia;Köln;yes\r\n';
const MEMBERS = 'Member\tCity\tLeft\r\n1\tMálaga\tno\r\n2\tZürich\tyes\r\n3\tŁódź\tno\r\n';

/** Tables of one kind, of which the first of each is as people reported it. */
it.each([
  // Sheets saved as "Unicode Text" and their like: the mark says what they are.
  ['members.txt', 'utf-16le', true, MEMBERS],
  ['members.tsv', 'utf-16be', true, MEMBERS],
  ['members.csv', 'utf-16le', true, MEMBERS.replaceAll('\t', ';')],
  ['members.csv', 'utf-8', true, MEMBERS.replaceAll('\t', ',')],
  ['members.txt', 'utf-16le', false, MEMBERS],
  ['members.txt', 'utf-16be', false, MEMBERS],
  ['members.txt', 'utf-32le', true, MEMBERS],
  ['members.txt', 'utf-32be', false, MEMBERS],
  ['members.csv', 'utf-16le', false, 'клиент;город\r\n1;"Москва\r\nцентр"\r\n2;Казань\r\n'],
  ['members.csv', 'utf-16be', false, '标签;城市\n一;"上海\n人"\n二;广州\n'],
  ['members.jsonl', 'utf-16le', true, '{"City":"Łódź","Left":"no"}\n{"City":"Zürich","Left":"yes"}\n'],
  // Sheets saved as "CSV (MS-DOS)", in the code pages of several countries.
  ['staff.csv', 'cp850', false, STAFF],
  ['staff.csv', 'cp437', false, 'name,site\nJosé,Ávila\nPeña,Málaga\n'.replace('Á', 'A')],
  ['staff.csv', 'cp852', false, 'name;site\nŁukasz;Łódź\nMałgorzata;Kraków\nJózef;Gdańsk\n'],
  ['staff.csv', 'ibm866', false, 'имя;город\nИван;Москва\nОльга;Казань\n'],
  ['staff.csv', 'cp737', false, 'name;site\nΓιώργος;Αθήνα\nΕλένη;Θεσσαλονίκη\n'],
  ['staff.csv', 'cp857', false, 'name;site\nİsmail;İstanbul\nAyşe;Diyarbakır\n'],
  // Sheets in the encodings of Windows.
  ['staff.csv', 'windows-1252', false, STAFF],
  ['staff.csv', 'windows-1251', false, 'имя;город\nИван;Москва\nОльга;Казань\n'],
  ['labels.csv', 'gb18030', false, 'filename,label\na1.jpg,车\na2.jpg,人\n'],
  ['labels.csv', 'shift_jis', false, 'filename,label\na1.jpg,ソース\na2.jpg,犬です\n'],
  ['staff.csv', 'windows-1250', false, 'name;site\nŁukasz;Łódź\nMałgorzata;Kraków\nJózef;Gdańsk\n'],
  ['staff.csv', 'koi8-r', false, 'имя;город\nИван;Москва\nОльга;Казань\n'],
  ['staff.csv', 'big5', false, '姓名;城市\n王小明;臺北\n陳美麗;高雄\n'],
  ['staff.csv', 'euc-kr', false, '이름;도시\n김철수;서울\n이영희;부산\n'],
  ['staff.csv', 'euc-jp', false, '氏名;都市\n田中さん;東京\nスズキ;大阪市\n'],
  ['staff.csv', 'iso-2022-jp', false, '日本;都\n東京;あ\nソ;い\n'.replace('都', 'x')],
  ['labels.jsonl', 'windows-1252', false, '{"a":"café","b":1}\n{"a":"Köln","b":2}\n'],
])('%s in %s (marked: %s) is surveyed as its copy in UTF-8', async (name, encoding, addBOM, text) => {
  const { doubts: _doubts, reopen: _reopen, ...clean } = await profileOf(text, name);
  // Few words make the encoding a guess, which a copy in UTF-8 is not.
  const {
    options = [],
    doubts: _,
    reopen: _read,
    ...profile
  } = await profileOf(encode(text, encoding, { addBOM }), name);
  const others = options.filter((option) => option.name !== 'encoding');
  expect({ ...profile, path: clean.path, ...(others.length > 0 && { options: others }) }).toEqual(clean);
  expect(others.length === options.length).toBe(addBOM);
});

it('a table whose encoding is not clear names all that make words', async () => {
  const content = iconv.encode('a,b\nGenève,Übersee\nSão Paulo,5\n', 'windows-1252');
  const profile = await profileOf(content, 'a.csv');
  expect(profile).toMatchObject({
    options: [{ name: 'encoding', value: 'windows-1252', reason: expect.stringContaining('and in windows-1257') }],
    doubts: expect.arrayContaining([
      'The encoding windows-1252 is a guess; windows-1257 fits too, so check a few words.',
    ]) as unknown,
  });
});

it.each([
  ['café,1', 'a guess: the file is not UTF-8, and few of its words show the encoding; check them'],
  ['café,Orléans\nNîmes,1', 'the file is not UTF-8, and makes words in this encoding'],
])('few words of %j make the encoding a guess', async (row, reason) => {
  const { options, doubts = [] } = await profileOf(iconv.encode(`a,b\n${row}\n`, 'windows-1252'), 'a.csv');
  expect(options).toEqual([{ name: 'encoding', value: 'windows-1252', reason }]);
  expect(doubts.some((doubt) => doubt.includes('encoding'))).toBe(reason.startsWith('a guess'));
});

it('a table in two encodings is an error that says so', async () => {
  using folder = temporaryFolder();
  const lines = [encode('a,b\nOrléans,1\nNîmes,2\n', 'windows-1252'), Buffer.from('Köln,3\nMalmö,4\n')];
  const report = createReport();
  const { manifests } = await surveyPath(folder.write(Buffer.concat(lines), 'a.csv'), signal, report);
  expect(manifests).toEqual([]);
  expect(report.findings()).toMatchObject([
    { code: 'not-utf8', fix: expect.stringMatching(/^Write all lines in one encoding/) as unknown },
  ]);
});
