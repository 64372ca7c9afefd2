import { looksMissing } from '../../checks/missing-words.js';

/** What a cell looks like. `odd` is a text that was probably cut at the wrong place. */
export type CellKind = 'empty' | 'missing' | 'number' | 'time' | 'text' | 'odd';

const CURRENCY = '[$€£¥]|USD|EUR|GBP|CHF';
/** Integers, decimals with a point or a comma, thousands, exponents, percent, and currencies. */
const NUMBER = new RegExp(
  `^\\(?[+\\-−]?(?:(?:${CURRENCY})\\s?)?[+\\-−]?(?:\\d{1,3}(?:[.,'’\\u00a0\\u202f ]\\d{3})+(?:[.,]\\d+)?|\\d+(?:[.,]\\d*)?|[.,]\\d+)(?:e[+\\-−]?\\d+)?-?\\s?(?:%|°[CF]|${CURRENCY})?\\)?-?$`,
  'i',
);

const MONTH =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|mrz|f[eé]v|avr|jui|ao[uû]|d[eé]c|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|maa|mrt|mei)[a-zà-ÿ]*\\.?';
const CLOCK = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?\\s?(?:[ap]\\.?m\\.?)?';
const DAY = [
  '\\d{4}[-/.]\\d{1,2}(?:[-/.]\\d{1,2})?',
  '\\d{1,2}[-/.]\\d{1,2}[-/.](?:\\d{4}|\\d{2})',
  `\\d{1,2}(?:er|\\.)?[-/. ]${MONTH}[-/., ]\\s?\\d{2,4}`,
  `\\d{1,2} de ${MONTH} de \\d{4}`,
  `${MONTH}[-/ ]\\d{1,2},?[-/ ]\\d{2,4}`,
  `${MONTH}[-/ ]\\d{2,4}`,
  '\\d{4}[-/ ]?[qw]\\d{1,2}(?:-\\d)?',
  'q\\d[-/ ]\\d{4}',
].join('|');
/** Dates, times, and both together, with a time zone. */
const TIME = new RegExp(`^(?:(?:${DAY})(?:(?:T|\\s)${CLOCK})?|${CLOCK})\\s?(?:Z|UTC|GMT|[+-]\\d{2}:?\\d{2})?$`, 'i');

/** Matches what a cell that was cut at the right place hardly ever begins or ends with. */
const CUT = /^[,;|\t:)\]}]|[,;|\t([{]$|^["'`]|["`]$|^[\\^~]|[\\^~]$|^'|[^s]'$/;
/** Matches a delimiter, or several spaces, between two characters that are not white space. */
const INNER = /\S {2,}\S|\d[;|~^] [+-]?\d|\S[;|\t~^]\S|[^\s\d],[^\s\d]|\t|\|\||::|;;/;
const HAS_LETTER = /[\p{L}\p{N}]/u;

/** The most characters of a text that are examined, half of them at its end. */
const EXAMINED = 400;

export function kindOf(cell: string): CellKind {
  const whole = cell.trim();
  const text = whole.length > EXAMINED ? whole.slice(0, EXAMINED / 2) + whole.slice(-EXAMINED / 2) : whole;
  if (text === '') return 'empty';
  const first = text.charCodeAt(0);
  if (text.length <= 40) {
    // Most texts begin with a letter, and are neither numbers nor, unless short, times.
    const isLetter = (first >= 65 && first <= 90) || (first >= 97 && first <= 122);
    if (looksMissing(text)) return 'missing';
    if (!isLetter && NUMBER.test(text)) return 'number';
    if (TIME.test(text)) return 'time';
    if (isLetter && NUMBER.test(text)) return 'number';
  }
  if (/^(?:https?|ftp|file|s3):\/\/\S+$/.test(text) || /^[[{].*[\]}]$/s.test(text)) return 'text';
  // A text of several words may have any punctuation between them.
  const isProse = text.length > 20 && /\p{L}{2,} \p{L}+ /u.test(text);
  if (CUT.test(text) || !HAS_LETTER.test(text) || (!isProse && INNER.test(text))) return 'odd';
  return 'text';
}

export const isTyped = (kind: CellKind): kind is 'number' | 'time' => kind === 'number' || kind === 'time';

const BOUND = '\\d+(?:[.,]\\d+)?';
/** Matches `5–6`, `5 - 6`, `5 to 6`, `<5`, `>= 5`, `~5` and `5+`. */
const RANGE = new RegExp(`^(?:${BOUND}\\s?(?:[-‐-―−~]|to)\\s?${BOUND}|(?:[<>≤≥~≈]|[<>]=)\\s?${BOUND}|${BOUND}\\+)$`);

/** Whether a cell has a number that is not exact, such as a range. */
export const isRange = (cell: string): boolean => RANGE.test(cell.trim());

/** Returns the kind of a column from the kinds of its cells: `number` or `time` if all values are, but a tenth or one of four. */
export function columnKind(kinds: readonly CellKind[]): 'number' | 'time' | 'text' | 'empty' {
  const values = kinds.filter((kind) => kind !== 'empty' && kind !== 'missing');
  if (values.length === 0) return 'empty';
  for (const kind of ['number', 'time'] as const) {
    const count = values.filter((one) => one === kind).length;
    if (count >= 0.9 * values.length || (count >= 3 && count === values.length - 1)) return kind;
  }
  return 'text';
}
