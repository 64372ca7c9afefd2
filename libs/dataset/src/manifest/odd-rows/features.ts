/** A cell that is a number, in any of the usual ways to write one. */
const NUMBER = /^[(]?[+\-−]?[$€£]?\d[\d.,'  ]*(?:e[+-]?\d+)?\s?[%€$£]?[)]?$/i;
/** Texts that stand for a missing value and so say nothing about a column, in lower case. */
const MISSING = new Set([
  ...['na', 'n/a', 'n.a.', 'nan', 'null', 'none', 'nil', '\\n', '<na>', '#n/a', '#na'],
  ...['-', '--', '?', '.', '..', '*', 'missing', 'unknown', 'undefined', 'nd', 'n/d'],
]);

/** Marks, each of which is a feature of the cells that have it. */
const MARKS = '@:/-.,_(+#%=&[{';
const DIGIT = 1 << MARKS.length;
const SPACE = DIGIT << 1;
const NUMERIC = SPACE << 1;
const DIGIT_FIRST = NUMERIC << 1;
const UPPER = DIGIT_FIRST << 1;
const LOWER = UPPER << 1;
const LONG = LOWER << 1;
const BITS = Array.from({ length: 128 }, (_, code) => {
  if (code >= 48 && code <= 57) return DIGIT;
  if (code === 32) return SPACE;
  const mark = MARKS.indexOf(String.fromCharCode(code));
  return mark === -1 ? 0 : 1 << mark;
});

/** The features that names of columns and notes may happen to have, and values to lack. */
export const WEAK = SPACE | UPPER | LOWER | LONG;
/** The characters of a cell that are examined. */
const EXAMINED = 60;
const LONG_TEXT = 25;
/** The longest text that may be a number or a word for a missing value. */
const SHORT = 24;

/** Returns the features of a cell as bits, or 0 if it has no value. A cell with a value has at least one. */
function featuresOf(cell: string): number {
  const text = cell.trim();
  if (text === '') return 0;
  const { length } = text;
  if (length <= SHORT && MISSING.has(text.toLowerCase())) return 0;
  let bits = length >= LONG_TEXT ? LONG : 0;
  for (let index = 0; index < length && index < EXAMINED; index++) bits |= BITS[text.charCodeAt(index)] ?? 0;
  if (BITS[text.charCodeAt(0)] === DIGIT) bits |= DIGIT_FIRST;
  if ((bits & DIGIT) !== 0 && length <= SHORT && NUMBER.test(text)) return bits | NUMERIC;
  const first = text[0]!;
  return bits | (first === first.toLowerCase() ? LOWER : UPPER);
}

/** The features of rows that were examined. A row is compared with several others. */
const knownRows = new WeakMap<readonly string[], Uint32Array>();

/** Returns the features of the first cells of a row, of which there are `width`. */
export function featuresOfRow(row: readonly string[], width: number): Uint32Array {
  const known = knownRows.get(row);
  if (known?.length === width) return known;
  const features = new Uint32Array(width);
  for (let column = 0; column < width; column++) features[column] = featuresOf(row[column] ?? '');
  knownRows.set(row, features);
  return features;
}

/** Whether the features are those of a number. */
export const isNumeric = (features: number): boolean => (features & NUMERIC) !== 0;
