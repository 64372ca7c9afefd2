/** The letters beyond ASCII of languages in Latin script, the most frequent first. */
const LATIN: readonly string[] = [
  'éèàêçùâîôûëïœæüÿ',
  'üäöß',
  'óíáéñúü',
  'ãçáéíóõêâúàô',
  'àèìòùéóíç',
  'äåöéæøüó',
  'éëïöèüáíóê',
  'áðéíóúýþæö',
  'łążęśóćńź',
  'íáéěřšžčýůúťďňó',
  'áíéčžšýľúťôňäóďĺŕ',
  'áéóöőíüúű',
  'ăâîșțşţ',
  'čšžćđ',
  'ıİşğçöüâî',
  'ėšįųžūčąę',
  'āīēšūņļžģķč',
  'äõüöšž',
];

/** Letters of other scripts, the most frequent first. */
const CYRILLIC = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґјљњћђџў';
const GREEK = 'αοιετσνηυρπκμλωςίόάέδγχθφήώβύξζψϊϋ';
const HEBREW = 'יוהלאמרתבשנםכדפחקעטגןסצזךףץ';
const THAI = 'านรกอเงมย่ลวดทส้ตะปบคำแหพไขจชซโถใผศณฟธญฉภ็ิีึืัุู์ษฝฐฎฏฆฑฒฌฬฮฤๆฯ๊๋';
const ARABIC = 'اليمونرتبةدعسفهكقحجشطصخضذثغزظءأإىآؤئ';

/** Common characters of Chinese, simplified and traditional, and of Japanese. */
const HAN = new Set(
  '的一是不了在人有我他这这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔车路店省州县街号姓龄男职称价额红绿蓝黄黑京沪广深杭苏江浙湖河川津辽吉林陕' +
    '這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問戰應體見產話給門東聲員論處義幾認條氣題爾別變總電數報結務場計資許統區隊決馬書則聽卻達強難權設記類據邊張該規覺術領確傳師觀讓識帶導爭運號齡職稱價額臺灣北高雄南市縣' +
    '日本人大年会社中国東京都府県市区町村名前学生先間時分今週月火水木金土曜電車駅店食飲見行来出入書読話聞語英文字男女子供父母兄弟姉妹友私何彼山川田木林森空海花鳥犬猫魚肉牛馬白黒赤青緑黄色上下左右前後外内新古高安多少長短早明暗好悪思言知使作売買住所番号件数値合計価格商品注文顧客氏性別年齢備考阪横浜札幌岡京神戸',
);

/** The letters of every Latin language, which are less of a surprise than others. */
const ANY_LATIN = new Set(LATIN.join(''));

export type Script = 'latin' | 'cyrillic' | 'greek' | 'hebrew' | 'arabic' | 'thai' | 'han' | 'kana' | 'hangul';

const SCRIPTS: readonly [Script, RegExp][] = [
  ['latin', /\p{Script=Latin}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['hebrew', /\p{Script=Hebrew}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['thai', /\p{Script=Thai}/u],
  ['han', /[\p{Script=Han}々〇]/u],
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u],
  ['hangul', /\p{Script=Hangul}/u],
];

/** Returns the script of a letter, or `undefined` of any other character. */
export function scriptOf(character: string): Script | undefined {
  if (!/[\p{L}\p{M}ー々〇]/u.test(character) || /[ªº\uff01-\uff60]/.test(character)) return undefined;
  return SCRIPTS.find(([, pattern]) => pattern.test(character))?.[0];
}

const RANKS: Partial<Record<Script, string>> = {
  cyrillic: CYRILLIC,
  greek: GREEK,
  hebrew: HEBREW,
  arabic: ARABIC,
  thai: THAI,
};

/** Returns how usual a letter is beyond Latin script: 1 and more if it is very common, negative if it is hardly ever used. */
export function usualness(letter: string, script: Script): number {
  const ranked = RANKS[script];
  if (ranked !== undefined) {
    const rank = ranked.indexOf(letter.toLowerCase());
    return rank === -1 ? -1 : 1.2 - (1.1 * rank) / ranked.length;
  }
  if (script === 'han') return HAN.has(letter) ? 1.4 : 0.2;
  if (script === 'kana') return /[\uff61-\uff9f]/.test(letter) ? -0.5 : 1.3;
  return script === 'hangul' ? 0.9 : 0.7;
}

/** Returns the mean usualness of Latin letters beyond ASCII, by the language that they fit best. */
export function latinUsualness(letters: readonly string[]): number {
  const values = LATIN.map((language) => {
    const sum = letters.reduce((total, letter) => {
      const rank = language.indexOf(letter);
      if (rank !== -1) return total + 1.2 - (0.8 * rank) / language.length;
      return total + (ANY_LATIN.has(letter) ? 0.2 : -0.6);
    }, 0);
    return sum / letters.length;
  });
  return Math.max(...values);
}
