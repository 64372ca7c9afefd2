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

/** Words that are rare or have symbols, which may look like words of another encoding. */
const ODD: readonly (readonly [encodings: readonly string[], words: string])[] = [
  [
    ['windows-1252', 'iso-8859-15', 'cp850', 'macintosh'],
    'Größe 80×120|Ø12|Köln|5±0,2 µm|µmol/l|R²=0,5|25½ Zoll|§ 5|21°C|Müller®|© Bäcker|dB±3|A×B|x¹y²z³|ÄRGER|Straße',
  ],
  [
    ['windows-1252', 'macintosh'],
    'n°5|l’été|Œuvre|cœur|« oui »|ÉTÉ|À|5 000€|1er—2e|…fin|L’Haÿ|prix 5£|MÉMOIRE|où|“bien”|•',
  ],
  [
    ['windows-1252', 'cp850', 'cp437', 'macintosh'],
    '¿Qué?|¡Olé!|1ª|2º|Nº 5|señor|AÑO|pingüino|D.ª María|n.º|cigüeña|Ñ',
  ],
  [['windows-1250', 'iso-8859-2', 'cp852'], 'ŻÓŁĆ|łąka|Łódź|5°C|źdźbło|ŚWIĘTO|ĄĘ|ś|Wąż|§ 5'],
  [
    ['windows-1251', 'koi8-r', 'ibm866'],
    'МОСКВА|ёлка|ЁЖ|объём|её|съезд|я|Ы|СССР|ул.Ленина|кВт·ч|iPhone чёрный|Тест123|ВКонтакте|ГазПром|работа',
  ],
  [['windows-1253', 'iso-8859-7', 'cp737'], 'ΑΘΗΝΑ|Ό,τι|Ϊ|πρώτος|ΕΛΛΑΔΑ|Άρης|ΟΤΕ|5°'],
  [['shift_jis', 'euc-jp'], '東京|ﾃｽﾄ|（株）田中|～|５００円|ＡＢＣ|「はい」|々|時々|ー|・|齋藤|龍|薔薇|鬱'],
  [['gb18030'], '北京|饕餮|鼯鼠|《书》|１２３|ＡＢＣ|，。|龘|“引”|—|彳亍'],
  [['euc-kr'], '서울|뷁|㈜삼성|１２３|韓國|，|ㅋㅋㅋ|ㅎㅎ'],
];

it.each(ODD)('odd words, stated as they are, are not doubted in any combination: %j', async (encodings, list) => {
  for (const encoding of encodings) {
    const words = list.split('|').filter((word) => iconv.decode(iconv.encode(word, encoding), encoding) === word);
    for (const size of [1, 2, 3, 5, words.length]) {
      for (let start = 0; start + size <= words.length; start++) {
        const content = iconv.encode(`a\n${words.slice(start, start + size).join('\n')}\n`, encoding);
        expect([encoding, words[start], await doubtOfSample(content, encoding)]).toEqual([
          encoding,
          words[start],
          undefined,
        ]);
      }
    }
  }
});

/** Words of languages whose letters similar encodings have in other places. */
const SIMILAR: readonly (readonly [name: string, encoding: string, words: string])[] = [
  [
    'Latvian',
    'windows-1257',
    'Jānis Bērziņš,Rīga\nKārlis Ozoliņš,Liepāja\nŽanete Kalniņa,Jēkabpils\nĒriks Šķēle,Cēsis\n',
  ],
  ['Lithuanian', 'windows-1257', 'Čiurlionis,Kaunas\nĄžuolas,miškas\nšuo,katė,žąsis,ežys,gegutė\nŽemaitis,Šiauliai\n'],
  ['Estonian', 'windows-1257', 'Jüri Mägi,Pärnu\nÕnne Tõnisson,Võru\nÜlle Kõiv,Jõhvi\n'],
  ['Turkish', 'windows-1254', 'Gülşen Yıldız,Eskişehir\nÖmer Işık,İzmir\nÇiğdem,Muğla\n'],
  ['Croatian', 'windows-1250', 'Željko Čačić,Šibenik\nĐurđa Kovačević,Požega\nNikša,Čakovec\n'],
  ['Romanian', 'windows-1250', 'Ştefan Mureşan,Iaşi\nIoana Bălan,Timişoara\nÎnsurăţei,Galaţi\n'],
  ['Hungarian', 'windows-1250', 'Győző Szőke,Győr\nÁgnes Tűz,Székesfehérvár\nÖdön Kövér,Pécs\n'],
  ['Portuguese', 'windows-1252', 'João Conceição,São Paulo\nInês Simões,Évora\nAntónio Gonçalves,Guimarães\n'],
  ['Swedish', 'windows-1252', 'Åsa Sjöberg,Malmö\nGöran Åkesson,Västerås\nMärta,Örebro\n'],
  ['Spanish', 'windows-1252', 'José Muñoz,Málaga\nBegoña Ibáñez,Logroño\nÁngel Núñez,Córdoba\n'],
];
const ENCODINGS = ['windows-1252', 'windows-1250', 'windows-1254', 'windows-1257', 'iso-8859-2', 'iso-8859-15'];

describe.each(SIMILAR)('%s in %s', (name, encoding, words) => {
  const content = iconv.encode(words, encoding);

  it('is never doubted as it is, nor with wrong advice', async () => {
    for (const stated of ENCODINGS) {
      const doubt = await doubtOfSample(content, stated);
      if (iconv.decode(content, stated) === words) expect([stated, doubt]).toEqual([stated, undefined]);
      else if (doubt) expect([stated, iconv.decode(content, doubt.encodings[0] ?? stated)]).toEqual([stated, words]);
    }
  });
});

// The letters of Spanish and Hungarian are too much the same in windows-1250 and windows-1252.
it.each(SIMILAR.filter(([name]) => !['Spanish', 'Hungarian'].includes(name)))(
  '%s in %s is doubted in a similar encoding',
  async (name, encoding, words) => {
    // Estonian is the same in windows-1252.
    const stated = encoding === 'windows-1252' || name === 'Estonian' ? 'windows-1250' : 'windows-1252';
    const content = iconv.encode(words, encoding);
    const doubt = await doubtOfSample(content, stated);
    expect(iconv.decode(content, doubt!.encodings[0]!)).toBe(words);
  },
);

it.each(['iso-8859-2', 'iso-8859-15'])(
  'lines that are all in another encoding than %s are no mixture',
  async (stated) => {
    const words = 'Ångström,Muñoz,Müller\nGonçalves,Søren,François\nÞór,Õnne,Žižek,Škoda\n';
    expect((await doubtOfSample(iconv.encode(words, 'windows-1252'), stated))?.encodings).toEqual(['windows-1252']);
  },
);

it.each([
  ['windows-1252', 'Ångström,Muñoz,Müller\nGonçalves,Søren,François\nÞór,Zoë,Beyoncé,naïve,façade\n'],
  ['windows-1250', 'Dvořák,Müller,Łódź\nSzőke,Čapek,Timişoara\nŻywiec,Šibenik,Größe,Győr,Wałęsa\n'],
  ['windows-1257', 'Rīga,Tõnis,Müller\nŠiauliai,Jānis,Łódź\nVõru,Žemaitija,Kraków,Ūla,Šķēle\n'],
  ['windows-1254', 'Müller,İzmir,François\nIşık,Köln,Ömer,Çelik,Göçmen,Ağrı\n'],
  ['iso-8859-2', 'Dvořák,Müller,Łódź\nSzőke,Čapek,Żywiec,Šibenik,Größe,Győr\n'],
])('names of several languages in %s are not doubted', async (encoding, words) => {
  expect(await doubtOfSample(iconv.encode(words, encoding), encoding)).toBeUndefined();
});
