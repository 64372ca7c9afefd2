import { describe, expect, it } from '@jest/globals';
import { default as iconv } from 'iconv-lite';
import { doubtOfSample } from './doubt.js';

const TEXTS: Readonly<Record<string, string>> = {
  French: 'ville,pays\nOrléans,été\nNîmes,forêt\nBesançon,à côté\nÉvreux,façade\n',
  German: 'stadt,wort\nMünchen,süß\nKöln,Straße\nGießen,größer\nÖhringen,Ärger\n',
  Polish: 'miasto,kraj\nŁódź,Polska\nKraków,Małopolska\nGdańsk,Śląsk\nŻywiec,święto\n',
  Russian: 'город,имя\nМосква,Иван\nКазань,Ольга\nПермь,Пётр\nПривет,мир\n',
  Greek: 'πόλη,όνομα\nΑθήνα,Γιώργος\nΘεσσαλονίκη,Ελένη\nΠάτρα,Μαρία\n',
  Japanese: '氏名,都市\n田中さん,東京\nスズキ,大阪市\nこんにちは,神戸\n',
  Chinese: '姓名,城市\n王伟,北京\n李娜,上海\n张敏,广州\n',
  'German capitals': 'NAME\nMÜLLER\nKÖLN\nJÄGER\nDÜSSELDORF\n',
  'Polish capitals': 'MIASTO\nŁÓDŹ\nKRAKÓW\nGDAŃSK\nŚLĄSK\n',
  'Russian capitals': 'ГОРОД\nМОСКВА\nКАЗАНЬ\nПЕРМЬ\n',
  'one word': 'a,b\n1,café\n',
  units: 'a\n21.5 °C\n5 µm\n3 m²\n±7\n',
  'single letters': 'a\nä\nö\nß\n',
  prices: 'a\n£5\n7 £\n',
  quotes: 'a\n“good” – it’s\n• one … §\n',
  frames: 'a\n┌───┐\n│ x │\n└───┘\n',
  'narrow kana': 'a\nﾃｽﾄ\nｶﾅｺｰﾄﾞ\nﾄｳｷｮｳ\n',
};

/** Encodings in which files in these languages are written. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  French: ['windows-1252', 'iso-8859-15', 'cp850', 'cp437', 'macintosh'],
  German: ['windows-1252', 'windows-1250', 'iso-8859-15', 'cp850', 'cp437', 'macintosh'],
  Polish: ['windows-1250', 'iso-8859-2', 'cp852'],
  Russian: ['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5'],
  Greek: ['windows-1253', 'iso-8859-7', 'cp737'],
  Japanese: ['shift_jis', 'euc-jp'],
  Chinese: ['gb18030'],
  'German capitals': ['windows-1252', 'windows-1250', 'cp850'],
  'Polish capitals': ['windows-1250', 'iso-8859-2', 'cp852'],
  'Russian capitals': ['windows-1251', 'koi8-r', 'ibm866'],
  'one word': ['windows-1252', 'cp850', 'cp437', 'macintosh'],
  units: ['windows-1252', 'cp850'],
  'single letters': ['windows-1252', 'cp850', 'cp437'],
  prices: ['windows-1252', 'cp850', 'cp437'],
  quotes: ['windows-1252', 'macintosh'],
  frames: ['cp437', 'cp850', 'ibm866'],
  'narrow kana': ['shift_jis'],
};

const cases = Object.entries(WRITTEN).flatMap(([name, encodings]) =>
  encodings.map((encoding) => [name, encoding] as const),
);

it.each(cases)('%s, stated as %s, which it is, is not doubted', async (name, encoding) => {
  const content = iconv.encode(TEXTS[name]!, encoding);
  expect(iconv.decode(content, encoding)).toBe(TEXTS[name]);
  expect(await doubtOfSample(content, encoding)).toBeUndefined();
});

describe.each([
  ['Russian', 'windows-1251', ['windows-1252', 'windows-1250', 'koi8-r', 'ibm866', 'cp850', 'macintosh']],
  ['Russian', 'koi8-r', ['windows-1252', 'ibm866', 'cp850']],
  ['Greek', 'windows-1253', ['windows-1252', 'cp850']],
  ['French', 'windows-1252', ['cp850', 'cp437', 'windows-1251', 'koi8-r', 'macintosh']],
  ['German', 'windows-1252', ['cp850', 'cp437', 'windows-1251', 'macintosh']],
  ['Polish', 'windows-1250', ['windows-1251', 'cp852']],
  ['Japanese', 'shift_jis', ['cp850', 'macintosh']],
  ['Chinese', 'gb18030', ['windows-1252', 'cp850']],
])('%s in %s is doubted', (name, written, stated) => {
  it.each(stated)('as %s, with the encoding that it has', async (encoding) => {
    const text = TEXTS[name]!;
    const content = iconv.encode(text, written);
    const doubt = await doubtOfSample(content, encoding);
    expect(iconv.decode(content, doubt?.encodings[0] ?? encoding)).toBe(text);
    expect(doubt!.message).toMatch(/^The file reads ".+" in .+, which is stated, and ".+" in .+\.$/);
  });
});
