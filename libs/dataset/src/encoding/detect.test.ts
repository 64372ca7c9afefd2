import { expect, it } from '@jest/globals';
import { default as iconv } from 'iconv-lite';
import { findMixture, firstDifference, proposeEncodings } from './detect.js';

const TEXTS: readonly [encoding: string, text: string][] = [
  ['cp850', 'name;site\r\nAndré;Orléans\r\nZoé;Nîmes\r\nUlla;Malmö\r\nPia;Köln\r\n'],
  ['windows-1252', 'name;site\nAndré;Orléans\nZoé;Nîmes\nUlla;Malmö\nPia;Köln\n'],
  ['windows-1252', 'a,b\n1,café\n'],
  ['windows-1252', 'Zürich'],
  ['windows-1252', 'Grüße aus Köln'],
  ['windows-1252', 'Genève,Übersee\nSão Paulo,5 €\nMünchen,it’s\n'],
  ['windows-1250', 'city\nŁódź\nKraków\nGdańsk\nWrocław\nPoznań\nCzęstochowa\n'],
  ['windows-1250', 'Plzeň\nČeské Budějovice\nPříbram\nJihlava\nDěčín\nŽďár\n'],
  ['iso-8859-2', 'Plzeň\nČeské Budějovice\nŠumperk\nPříbram\nŽďár\nTábor\nTřebíč\nPrešov\nKošice\n'],
  ['cp852', 'Łódź\nKraków\nGdańsk\nWrocław\nPoznań\nCzęstochowa\n'],
  ['windows-1251', 'город\nМосква\nСанкт-Петербург\nКазань\n'],
  ['koi8-r', 'город\nМосква\nСанкт-Петербург\nКазань\n'],
  ['ibm866', 'город\nМосква\nСанкт-Петербург\nКазань\n'],
  ['windows-1251', 'Київ\nХарків\nЛьвів\nОдеса\n'],
  ['windows-1253', 'Αθήνα\nΘεσσαλονίκη\nΠάτρα\n'],
  ['cp737', 'Αθήνα\nΘεσσαλονίκη\nΠάτρα\n'],
  ['windows-1254', 'İstanbul\nDiyarbakır\nIğdır\nMuş\nÇanakkale\n'],
  ['cp857', 'İstanbul\nDiyarbakır\nIğdır\nMuş\nÇanakkale\n'],
  ['windows-1255', 'ירושלים\nתל אביב\nחיפה\nבאר שבע\n'],
  ['cp862', 'ירושלים\nתל אביב\nחיפה\nבאר שבע\n'],
  ['windows-1256', 'القاهرة\nالرياض\nبغداد\nالمدينة\n'],
  ['windows-874', 'กรุงเทพมหานคร\nเชียงใหม่\nภูเก็ต\n'],
  ['windows-1257', 'Rīga\nDaugavpils\nLiepāja\nJūrmala\nVentspils\nRēzekne\nKauņa\nĶegums\n'],
  ['macintosh', 'André\nOrléans\nZoé\nNîmes\nMalmö\nKöln\nÇa va\n'],
  ['gb18030', '姓名,城市\n王伟,北京\n李娜,上海\n张敏,广州\n'],
  ['gb18030', '车\n人\n'],
  ['big5', '姓名,城市\n王小明,臺北\n陳美麗,高雄\n林志,臺南市\n'],
  ['shift_jis', '氏名,都市\n田中さん,東京\nスズキ,大阪市\n'],
  ['euc-jp', '氏名,都市\n田中さん,東京\nスズキ,大阪市\n'],
  ['euc-kr', '이름,도시\n김철수,서울\n이영희,부산\n'],
  ['cp850', 'Müller\nJosé\nNiño\nÅse\nFrançois\n'],
  ['cp850', 'João\nSão Paulo\nConceição\nAntónio\nMaceió\n'],
  ['cp850', 'Bjørn\nTromsø\nÅlesund\nBærum\n'],
  ['windows-1252', 'Bjørn\nTromsø\nÅlesund\nBærum\n'],
];

it.each(TEXTS)('proposes %s first of a text in it, case %#', async (encoding, text) => {
  const [first] = await proposeEncodings(iconv.encode(text, encoding));
  expect(first).toMatchObject({ encoding });
  expect(first!.text.trim()).toBe(
    text
      .split('\n')
      .filter((line) => /[^\0-\x7f]/.test(line))
      .join('\n')
      .trim(),
  );
});

it('names the encodings that read a text just the same', async () => {
  const [first, second] = await proposeEncodings(iconv.encode('café\n', 'cp850'));
  expect(first!.same).toContain('cp437');
  expect(second).toBeUndefined();
});

it('proposes two encodings if both make words, and finds the first word in which they differ', async () => {
  const [first, second] = await proposeEncodings(Buffer.from('Genève,Übersee\nSão Paulo,5\n', 'latin1'));
  expect([first!.encoding, second!.encoding]).toEqual(['windows-1252', 'windows-1257']);
  expect(firstDifference(first!.text, second!.text)).toEqual(['Genève', 'Genčve']);
});

it('proposes nothing for bytes that make no words', async () => {
  const bytes = Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 7919 + ((index * index) % 251)) % 256));
  expect(await proposeEncodings(bytes)).toEqual([]);
});

it('proposes nothing for UTF-8 with a damaged byte', async () => {
  const bytes = Buffer.concat([Buffer.from('Malmö\nKöln\nOrléans\n'), Buffer.from([0xe9, 0x0a])]);
  expect(await proposeEncodings(bytes)).toEqual([]);
});

it.each([
  ['windows-1251', 'Москва\nКазань\nПермь\nТула\n', 'ibm866', 'Олег;Омск\nЕгор;Уфа\n'],
  [
    'windows-1252',
    'Müller;Köln\nRené;Orléans\nZoë;Nîmes\nJosé;São Paulo\nÅse;Bærum\n',
    'cp850',
    'André;Orléans\nUlla;Malmö\nPia;Köln\n',
  ],
])('proposes nothing for lines in two encodings, case %#', async (one, text, other, otherText) => {
  const bytes = Buffer.concat([iconv.encode(text, one), iconv.encode(otherText, other)]);
  expect(await findMixture(bytes)).toEqual([one, other]);
  expect(await proposeEncodings(bytes)).toEqual([]);
});

it('looks at what is around a character far into a line', async () => {
  const bytes = Buffer.concat([
    Buffer.alloc(100_000, 'x '),
    Buffer.from('café', 'latin1'),
    Buffer.alloc(100_000, ' x'),
  ]);
  expect((await proposeEncodings(bytes))[0]).toMatchObject({ encoding: 'windows-1252' });
});
