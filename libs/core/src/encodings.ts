/** The DOS code pages that can be read, which the platform's `TextDecoder` does not know. */
export const DOS_CODE_PAGES: readonly string[] = [
  ...['cp437', 'cp720', 'cp737', 'cp775', 'cp850', 'cp852', 'cp855', 'cp857', 'cp858', 'cp860', 'cp861', 'cp862'],
  ...['cp863', 'cp864', 'cp865', 'cp869'],
];

/** Encodings of `TextDecoder` whose bytes have no meaning as text. */
const UNUSABLE = ['replacement', 'x-user-defined'];

/** Encodings whose order of bytes only a byte order mark decides, and those that `TextDecoder` does not know. */
const UNICODE = ['utf-16', 'utf-32', 'utf-32le', 'utf-32be'];

/** Maps names that databases, Python and iconv use, without punctuation, to those of `TextDecoder`. */
const ALIASES: Readonly<Record<string, string>> = {
  utf8sig: 'utf-8',
  ucs2: 'utf-16',
  utf16: 'utf-16',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  ucs2le: 'utf-16le',
  ucs2be: 'utf-16be',
  ucs4: 'utf-32',
  utf32: 'utf-32',
  utf32le: 'utf-32le',
  utf32be: 'utf-32be',
  iso2022jp: 'iso-2022-jp',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  euccn: 'gb18030',
  cp936: 'gb18030',
  ms936: 'gb18030',
  windows936: 'gb18030',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  windows932: 'shift_jis',
  sjis: 'shift_jis',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  uhc: 'euc-kr',
  windows949: 'euc-kr',
  cp950: 'big5',
  ms950: 'big5',
  windows950: 'big5',
  cp866: 'ibm866',
  cp874: 'windows-874',
  macroman: 'macintosh',
  maccyrillic: 'x-mac-cyrillic',
  ansi: 'windows-1252',
};

/**
 * Returns the name under which an encoding is read: that of `TextDecoder`, one of UTF-32, `utf-16` or `utf-32` if only a
 * byte order mark decides the order, or a DOS code page such as `cp850`. Returns `undefined` if the encoding is not known. A name may be written as in
 * Python, iconv or a database: `latin_1`, `CP1252`, `IBM850`.
 */
export function encodingNamed(name: string): string | undefined {
  const plain = name.trim().toLowerCase();
  const bare = plain.replaceAll(/[-_ ]/g, '');
  const page = /^(?:cp|ibm|dos)?0*(\d{3})$/.exec(bare)?.[1];
  if (page !== undefined && DOS_CODE_PAGES.includes(`cp${page}`)) return `cp${page}`;
  const windows = /^(?:cp|windows|win)(125\d)$/.exec(bare)?.[1];
  const iso = /^(?:iso)?8859(\d{1,2})$/.exec(bare)?.[1] ?? /^latin(1\d?|[2-9])$/.exec(bare)?.[1];
  const tried = [
    ALIASES[bare],
    windows && `windows-${windows}`,
    plain,
    plain.replaceAll('_', '-'),
    bare,
    bare.startsWith('iso') && iso && `iso-8859-${iso}`,
  ];
  for (const label of tried) {
    if (label && UNICODE.includes(label)) return label;
    const known = label ? platformName(label) : undefined;
    if (known !== undefined) return known;
  }
  return undefined;
}

function platformName(label: string): string | undefined {
  try {
    const { encoding } = new TextDecoder(label);
    if (UNUSABLE.includes(encoding)) return undefined;
    // The decoder of gb18030 reads all that of gbk, and more.
    return encoding === 'gbk' ? 'gb18030' : encoding;
  } catch {
    return undefined;
  }
}
