/** The cell texts that mean a missing value in tabular and time data, beside the empty cell. */
export const MISSING_TOKENS: readonly string[] = [
  ...['NA', 'N/A', 'NaN', 'NULL', 'null', 'None', 'n/a', 'nan'],
  ...['none', '<NA>', '#N/A', '#NA', '\\N'],
];

/** Words that hardly mean anything else, however they are written; these are the usual ways. */
const PLAIN_WORDS = [
  ...['N.A.', 'n.a.', 'nd', 'ND', 'n/d', 'N/D', 'k.A.', 'undefined', 'nil', 'Nil', 'NIL'],
  ...['missing', 'Missing', 'MISSING', 'unknown', 'Unknown', 'UNKNOWN'],
];

/** Texts that most likely mean a missing value where all other values of a column are numbers or dates. */
export const MISSING_WORDS: ReadonlySet<string> = new Set([
  ...PLAIN_WORDS,
  ...['?', '??', '-', '--', '---', '–', '—', '.', '..', '...', '…', '*', '**', '/', ':'],
  ...['na', 'Na', 'n.a', 'N/a', 'n.d.', 'N.D.', 'nr', 'NR', 's/d', 'k. A.'],
  ...['not available', 'Not available', 'Not Available', 'not applicable', 'Not Applicable'],
  ...['no data', 'No data', 'No Data', 'NoData', 'nodata', 'NAN', 'Nan', 'NaT', '-nan', '-NaN', 'NONE'],
  ...['Null', '(null)', '(NULL)', '<null>', '<NULL>', '[NULL]'],
  ...['#VALUE!', '#REF!', '#DIV/0!', '#NUM!', '#NAME?', '#NULL!', '#N/A N/A', '1.#QNAN', '1.#IND', '-1.#IND'],
]);

/** Texts that stand in place of a value, but are never proposed as missing ones. */
const OTHER_WORDS = ['tbd', 'inf', '-inf'];

const IN_ANY_CASE = new Set([...MISSING_TOKENS, ...PLAIN_WORDS, ...OTHER_WORDS].map((word) => word.toLowerCase()));

/** Returns whether a text without spaces around it looks like one that stands for a missing value. */
export function looksMissing(text: string): boolean {
  return IN_ANY_CASE.has(text.toLowerCase()) || MISSING_WORDS.has(text);
}
