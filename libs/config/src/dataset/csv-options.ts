import type { JsonObject, TableFormat, TaskType } from '@tracebloc/ingestor-contract';
import { problemAt } from '../errors.js';
import { find, findMap, toJson, type Located, type LocatedMap } from '../yaml/located.js';
import {
  CSV_DEFAULTS,
  CSV_FIELDS,
  WHITESPACE,
  delimiterFor,
  encodingNamed,
  shellWord,
  type CsvFormat,
  type JsonFormat,
} from '@tracebloc/ingestor-core';
import type { ConfigProblem } from '../types.js';
import { quote } from '../wording.js';
import { readValueOptions } from './value-options.js';

/** In bytes. Smaller chunks only cost time, and larger ones memory. */
const MIN_CHUNK_BYTES = 65_536;
const MAX_CHUNK_BYTES = 16_777_216;

/** The options that say what cells mean. They count for JSON too. */
export const VALUE_OPTIONS: readonly string[] = [
  ...[
    'na_values',
    'keep_default_na',
    'decimal',
    'thousands',
    'percent',
    'currency',
    'negative',
    'units',
    'date_format',
    'date_language',
    'day_first',
    'time_zone',
  ],
];

const PATH = ['spec', 'csv_options'];

/** The most UTF-16 code units of a delimiter. */
const MAX_DELIMITER = 16;

/** YAML 1.1 reads these words as booleans and 1.2 reads them as text; files of both versions exist. */
const BOOLEANS: Readonly<Record<string, boolean>> = { yes: true, on: true, no: false, off: false };

export function acceptBooleanWords(root: LocatedMap, task?: TaskType): void {
  const options = Object.entries((task?.fileOptions.properties ?? {}) as Record<string, JsonObject>);
  const own = options.filter(([, { type }]) => type === 'boolean').map(([name]) => ['spec', 'file_options', name]);
  const csv = [
    'skip_blank_lines',
    'skip_initial_space',
    'trailing_delimiter',
    'units_row',
    'keep_default_na',
    'day_first',
  ].map((name) => [...PATH, name]);
  for (const path of [...csv, ...own]) {
    const node = find(root, path);
    if (node?.kind === 'scalar') node.value = BOOLEANS[node.text.toLowerCase()] ?? node.value;
  }
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
    const wrong = whyNoCharacter(text) ?? (/\s/.test(text) ? 'white space' : undefined);
    if (wrong === undefined) return text;
    const fix = `Use one character, for example ${quote(fallback)}.`;
    problems.push(problemAt(at(name)!.origin, `spec.csv_options.${name}`, `${quote(text)} is ${wrong}`, fix));
    return fallback;
  };
  const delimiter = (): string => {
    const fallback = delimiterFor(manifest ?? '');
    const text = (value('delimiter') as string | undefined) ?? fallback;
    const meant = text === '\\t' ? '\t' : text;
    if (meant.length <= MAX_DELIMITER && !/[\r\n\0]/.test(meant)) return meant;
    const fix = `Use one character, for example ${quote(fallback)}, several of one line, or ${quote(WHITESPACE)}.`;
    const problem = `${quote(text)} is not a valid delimiter`;
    problems.push(problemAt(at('delimiter')!.origin, 'spec.csv_options.delimiter', problem, fix));
    return fallback;
  };
  const quotechar = character('quotechar', CSV_DEFAULTS.quote);
  const options: CsvFormat = {
    chunkSize: Math.min(
      Math.max((value('chunk_size') as number | undefined) ?? CSV_DEFAULTS.chunkSize, MIN_CHUNK_BYTES),
      MAX_CHUNK_BYTES,
    ),
    delimiter: delimiter(),
    quote: quotechar,
    escape: character('escapechar', quotechar),
    encoding: readEncoding(at('encoding'), manifest, problems),
    onBadLines: (value('on_bad_lines') as 'error' | 'warn' | undefined) ?? CSV_DEFAULTS.onBadLines,
    skipBlankLines: (value('skip_blank_lines') as boolean | undefined) ?? CSV_DEFAULTS.skipBlankLines,
    naValues: [],
  };
  // Options that are not set are absent, so that runs begun by earlier versions keep their fingerprints.
  if (at('delimiter') && options.delimiter === CSV_DEFAULTS.delimiter) options.keepsDelimiter = true;
  if (value('skip_initial_space') === true) options.skipInitialSpace = true;
  if (value('trailing_delimiter') === true) options.trailingDelimiter = true;
  if (value('units_row') === true) options.unitsRow = true;
  if (typeof value('keep_default_na') === 'boolean') options.keepDefaultNa = value('keep_default_na') as boolean;
  readValueOptions(root, options, problems);
  if (at('comment')) options.comment = character('comment', '#');
  if (value('skip_rows')) options.skipRows = value('skip_rows') as number;
  if (value('skip_footer')) options.skipFooter = value('skip_footer') as number;
  readHeader(root, options, problems);
  const clash = (['quotechar', 'escapechar', 'comment'] as const).find((name) => {
    const text = options[CSV_FIELDS[name]!] as string | undefined;
    return text !== undefined && options.delimiter !== WHITESPACE && options.delimiter.includes(text);
  });
  if (clash) {
    const place = at('delimiter') ?? at(clash);
    const [one, other] = [options.delimiter, options[CSV_FIELDS[clash]!] as string];
    const message =
      one === other
        ? `the delimiter and the ${clash} are both ${quote(one)}`
        : `the delimiter ${quote(one)} contains the ${clash} ${quote(other)}`;
    if (place)
      problems.push(problemAt(place.origin, 'spec.csv_options.delimiter', message, 'Use different characters.'));
  }
  if (options.comment !== undefined && [options.quote, options.escape].includes(options.comment)) {
    const message = `${quote(options.comment)} is also the quotechar or the escapechar`;
    problems.push(problemAt(at('comment')!.origin, 'spec.csv_options.comment', message, 'Use different characters.'));
  }
  return options;
}

/** Returns `spec.json_options`, or `undefined` if it sets nothing. The schema has already checked the types of its values. */
export function readJsonOptions(root: LocatedMap): JsonFormat | undefined {
  const node = find(root, ['spec', 'json_options', 'records']);
  return node?.kind === 'scalar' ? { records: node.text } : undefined;
}

/** Returns the options of a format that is not built in, with the defaults of their schema, which has checked them. */
export function readTableOptions(root: LocatedMap, { name, options }: TableFormat): JsonObject {
  const properties = (options.properties ?? {}) as Record<string, JsonObject>;
  const values = Object.entries(properties).map(([key, { default: fallback }]) => {
    const node = find(root, ['spec', `${name}_options`, key]);
    return [key, node ? toJson(node) : fallback] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Reads `header`, and the names of the columns if the file has none. */
function readHeader(root: LocatedMap, options: CsvFormat, problems: ConfigProblem[]): void {
  const node = find(root, [...PATH, 'header']);
  if (!node) return;
  const problem = (message: string, fix: string) =>
    problems.push(problemAt(node.origin, 'spec.csv_options.header', message, fix));
  if (node.kind === 'scalar' && node.value === 'none') {
    options.header = 'none';
    options.columnNames = [...(findMap(root, ['schema'])?.entries.keys() ?? [])];
    if (options.unitsRow) problem('a file without a header has no row of units after it', 'Remove `units_row`.');
    return;
  }
  const items = node.kind === 'list' ? node.items : [node];
  const lines = items.flatMap((item) =>
    item.kind === 'scalar' && Number.isInteger(item.value) ? [item.value as number] : [],
  );
  // The schema has already reported what is not a line number.
  if (lines.length < items.length) return;
  options.header = lines;
  const skipped = options.skipRows ?? 0;
  if (lines.some((line, index) => index > 0 && line <= lines[index - 1]!)) {
    problem('the lines are not in ascending order', 'Write each line once, in ascending order, for example `[2, 3]`.');
  } else if (lines[0]! <= skipped) {
    const fix = 'Remove `skip_rows`: the lines before the header are not read.';
    problem(`line ${lines[0]} is one of the ${skipped} lines that \`skip_rows\` leaves out`, fix);
  }
}

/** The reader compares UTF-16 code units, and characters such as emoji have two. */
function whyNoCharacter(text: string): string | undefined {
  if (Array.from(text).length !== 1 || /[\r\n\0]/.test(text)) return 'not a single character';
  return text.length > 1 ? 'beyond the Basic Multilingual Plane' : undefined;
}

/** Returns the name that the reader has for the encoding, and that of UTF-8 if the encoding is not known. */
function readEncoding(node: Located | undefined, manifest: string | undefined, problems: ConfigProblem[]): string {
  if (node?.kind !== 'scalar') return CSV_DEFAULTS.encoding;
  const encoding = encodingNamed(node.text);
  if (encoding !== undefined) return encoding;
  const file = manifest ?? 'data.csv';
  const known = /^[\w.:-]+$/.test(node.text) ? node.text : 'LATIN1';
  const fix = `Use a name such as utf-16, windows-1252, gb18030 or cp850. If the file has another encoding, convert it, \`iconv -f ${known} -t UTF-8 ${shellWord(file)} > ${shellWord(utf8Name(file))}\`, and use the new one.`;
  const problem = `${quote(node.text)} is not an encoding that can be read`;
  problems.push(problemAt(node.origin, 'spec.csv_options.encoding', problem, fix));
  return CSV_DEFAULTS.encoding;
}

function utf8Name(file: string): string {
  return file.replace(/(\.[^./]*)?$/, '.utf8$1');
}
