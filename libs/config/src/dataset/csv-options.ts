import { problemAt } from '../errors.js';
import { find, type Located, type LocatedMap } from '../yaml/located.js';
import { CSV_DEFAULTS, type CsvFormat } from '@tracebloc/ingestor-core';
import type { ConfigProblem } from '../types.js';
import { quote } from '../wording.js';

/** In bytes. Smaller chunks only cost time, and larger ones memory. */
const MIN_CHUNK_BYTES = 65_536;
const MAX_CHUNK_BYTES = 16_777_216;

/** Maps the names in `spec.csv_options` to those of `CsvFormat`. */
export const CSV_FIELDS: Readonly<Record<string, keyof CsvFormat>> = {
  chunk_size: 'chunkSize',
  delimiter: 'delimiter',
  quotechar: 'quote',
  escapechar: 'escape',
  encoding: 'encoding',
  on_bad_lines: 'onBadLines',
  skip_blank_lines: 'skipBlankLines',
  na_values: 'naValues',
};

const PATH = ['spec', 'csv_options'];

/** YAML 1.1 reads these words as booleans and 1.2 reads them as text; files of both versions exist. */
const BOOLEANS: Readonly<Record<string, boolean>> = { yes: true, on: true, no: false, off: false };

export function acceptBooleanWords(root: LocatedMap): void {
  const node = find(root, [...PATH, 'skip_blank_lines']);
  if (node?.kind === 'scalar') node.value = BOOLEANS[node.text.toLowerCase()] ?? node.value;
}

/** Completes `spec.csv_options`. The schema has already checked the types of its values. */
export function readCsvOptions(root: LocatedMap, manifest: string | undefined, problems: ConfigProblem[]): CsvFormat {
  const at = (name: string): Located | undefined => find(root, [...PATH, name]);
  const value = (name: string): unknown => {
    const node = at(name);
    return node?.kind === 'scalar' ? node.value : undefined;
  };
  const character = (name: string, fallback: string): string => {
    const text = (value(name) as string | null | undefined) ?? fallback;
    const meant = text === '\\t' ? '\t' : text;
    const wrong = whyNoCharacter(meant) ?? (name !== 'delimiter' && /\s/.test(meant) ? 'white space' : undefined);
    if (wrong === undefined) return meant;
    const fix = `Use one character, for example ${quote(fallback)}.`;
    problems.push(problemAt(at(name)!.origin, `spec.csv_options.${name}`, `${quote(text)} is ${wrong}`, fix));
    return fallback;
  };
  const quotechar = character('quotechar', CSV_DEFAULTS.quote);
  const options: CsvFormat = {
    chunkSize: Math.min(
      Math.max((value('chunk_size') as number | undefined) ?? CSV_DEFAULTS.chunkSize, MIN_CHUNK_BYTES),
      MAX_CHUNK_BYTES,
    ),
    delimiter: character('delimiter', CSV_DEFAULTS.delimiter),
    quote: quotechar,
    escape: character('escapechar', quotechar),
    encoding: 'utf-8',
    onBadLines: (value('on_bad_lines') as 'error' | 'warn' | undefined) ?? CSV_DEFAULTS.onBadLines,
    skipBlankLines: (value('skip_blank_lines') as boolean | undefined) ?? CSV_DEFAULTS.skipBlankLines,
    naValues: texts(at('na_values')),
  };
  checkEncoding(at('encoding'), manifest, problems);
  const clash = (['quotechar', 'escapechar'] as const).find((name) => options[CSV_FIELDS[name]!] === options.delimiter);
  if (clash) {
    const place = at('delimiter') ?? at(clash);
    const message = `the delimiter and the ${clash} are both ${quote(options.delimiter)}`;
    if (place)
      problems.push(problemAt(place.origin, 'spec.csv_options.delimiter', message, 'Use different characters.'));
  }
  return options;
}

/** The reader compares UTF-16 code units, and characters such as emoji have two. */
function whyNoCharacter(text: string): string | undefined {
  if (Array.from(text).length !== 1 || /[\r\n\0]/.test(text)) return 'not a single character';
  return text.length > 1 ? 'beyond the Basic Multilingual Plane' : undefined;
}

function checkEncoding(node: Located | undefined, manifest: string | undefined, problems: ConfigProblem[]): void {
  if (node?.kind !== 'scalar' || /^utf[-_ ]?8([-_ ]?sig)?$/i.test(node.text.trim())) return;
  const file = manifest ?? 'data.csv';
  const known = /^[\w.:-]+$/.test(node.text) ? node.text : 'LATIN1';
  const fix = `Convert the file, \`iconv -f ${known} -t UTF-8 ${shellWord(file)} > ${shellWord(utf8Name(file))}\`, and use the new one.`;
  problems.push(
    problemAt(
      node.origin,
      'spec.csv_options.encoding',
      `${quote(node.text)} is not a valid encoding: files must be UTF-8`,
      fix,
    ),
  );
}

function utf8Name(file: string): string {
  return file.replace(/(\.[^./]*)?$/, '.utf8$1');
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Returns the texts as they are written, so that `-999` and `1.0` match the text of cells. */
function texts(node: Located | undefined): string[] {
  return node?.kind === 'list' ? node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : [];
}
