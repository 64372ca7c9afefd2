import {
  ALL_OTHERS,
  COLUMN_OPTIONS,
  type ColumnFormat,
  type CsvFormat,
  hasMonthName,
  isDateLanguage,
  isTimeZone,
  nearest,
  whyNoDateFormat,
} from '@tracebloc/ingestor-core';
import { problemAt } from '../errors.js';
import type { ConfigProblem } from '../types.js';
import { quote } from '../wording.js';
import { find, findMap, type Located, type LocatedMap } from '../yaml/located.js';

const PATH = ['spec', 'csv_options'];

type ColumnOption = keyof typeof COLUMN_OPTIONS;

/** Completes the options that say what cells mean. The schema has already checked the types of their values. */
export function readValueOptions(root: LocatedMap, options: CsvFormat, problems: ConfigProblem[]): void {
  const at = (name: string): Located | undefined => find(root, [...PATH, name]);
  readMissing(root, at('na_values'), options, problems);
  if (at('percent')) options.percent = textOf(at('percent')) as 'number' | 'fraction';
  if (at('currency')) options.currency = texts(at('currency')).map((sign) => sign.trim());
  readDates(root, options, problems);
  for (const name of Object.keys(COLUMN_OPTIONS) as ColumnOption[]) readTexts(root, name, options, problems);
  checkThousands(root, options, problems);
  checkLanguages(root, options, problems);
  const timeZone = at('time_zone');
  if (timeZone?.kind !== 'scalar') return;
  options.timeZone = timeZone.text;
  if (isTimeZone(timeZone.text)) return;
  const fix = 'Write a name of the IANA database, for example Europe/Berlin, America/New_York or UTC.';
  const message = `${quote(timeZone.text)} is not a known time zone`;
  problems.push(problemAt(timeZone.origin, 'spec.csv_options.time_zone', message, fix));
}

/** Returns the columns of a mapping without the key that stands for all others. Reports columns that are not known. */
function columnsOf(
  root: LocatedMap,
  option: string,
  map: LocatedMap,
  problems: ConfigProblem[],
): readonly (readonly [string, Located])[] {
  // A unit is never that of all columns.
  const columns = [...map.entries].filter(([name]) => name !== ALL_OTHERS || option === 'units');
  checkColumns(root, option, columns, problems);
  return columns;
}

function readMissing(root: LocatedMap, node: Located | undefined, options: CsvFormat, problems: ConfigProblem[]): void {
  if (node?.kind !== 'map') {
    options.naValues = texts(node);
    return;
  }
  options.naValues = texts(node.entries.get(ALL_OTHERS));
  const columns = columnsOf(root, 'na_values', node, problems);
  options.naColumns = Object.fromEntries(columns.map(([name, one]) => [name, texts(one)]));
}

/** Reads an option that is one text, or a mapping of columns to texts. */
function readTexts(root: LocatedMap, option: ColumnOption, options: CsvFormat, problems: ConfigProblem[]): void {
  const node = find(root, [...PATH, option]);
  const field = COLUMN_OPTIONS[option];
  const isMap = node?.kind === 'map';
  const text = textOf(isMap ? node.entries.get(ALL_OTHERS) : node);
  if (text !== undefined && field !== 'unit') Object.assign(options, { [field]: text });
  if (!isMap) return;
  const formats: Record<string, ColumnFormat> = { ...options.columnFormats };
  for (const [name, one] of columnsOf(root, option, node, problems)) {
    formats[name] = { ...formats[name], [field]: textOf(one) };
  }
  options.columnFormats = formats;
}

function readDates(root: LocatedMap, options: CsvFormat, problems: ConfigProblem[]): void {
  const [format, dayFirst] = ['date_format', 'day_first'].map((name) => find(root, [...PATH, name]));
  const read = (node: Located): string => {
    const text = textOf(node) ?? '';
    const wrong = whyNoDateFormat(text);
    if (wrong !== undefined) {
      const fix = 'Write for example DD/MM/YYYY, `D-MMM-YYYY hh:mm A`, YYYY-MM, YYYY-WWW, epoch_s, epoch_ms or excel.';
      problems.push(problemAt(node.origin, 'spec.csv_options.date_format', `${quote(text)} ${wrong}`, fix));
    }
    return text;
  };
  if (format?.kind === 'scalar') options.dateFormat = read(format);
  if (format?.kind === 'map') {
    const all = format.entries.get(ALL_OTHERS);
    if (all) options.dateFormat = read(all);
    const columns = columnsOf(root, 'date_format', format, problems);
    options.dateColumns = Object.fromEntries(columns.map(([name, node]) => [name, read(node)]));
  }
  if (dayFirst?.kind === 'scalar') options.dayFirst = dayFirst.value as boolean;
}

/** Reports a character that is both the decimal sign and the one between thousands, of the file or of a column. */
function checkThousands(
  root: LocatedMap,
  { decimal, thousands, columnFormats = {} }: CsvFormat,
  problems: ConfigProblem[],
) {
  const clashes = [{ decimal, thousands }, ...Object.values(columnFormats)].filter(
    (own) => own.thousands !== undefined && own.thousands === (own.decimal ?? decimal ?? '.'),
  );
  if (clashes.length === 0) return;
  const fix = `Set \`decimal\` too: it is the point unless you set it.`;
  const message = `${quote(clashes[0]!.thousands!)} is also the decimal sign`;
  problems.push(problemAt(find(root, [...PATH, 'thousands'])!.origin, 'spec.csv_options.thousands', message, fix));
}

/** Reports languages that are not known, and those of a configuration without names of months. */
function checkLanguages(root: LocatedMap, options: CsvFormat, problems: ConfigProblem[]): void {
  const { dateLanguage, dateFormat, dateColumns = {}, columnFormats = {} } = options;
  const node = find(root, [...PATH, 'date_language']);
  if (!node) return;
  const languages = [dateLanguage, ...Object.values(columnFormats).map((own) => own.dateLanguage)];
  const unknown = languages.find((language) => language !== undefined && !isDateLanguage(language));
  const problem = (message: string, fix: string) =>
    problems.push(problemAt(node.origin, 'spec.csv_options.date_language', message, fix));
  if (unknown !== undefined) {
    problem(
      `${quote(unknown)} is not the tag of a language whose names of months are known`,
      'Write a tag such as de, fr, es, it, pt or nl.',
    );
  } else if (
    ![dateFormat, ...Object.values(dateColumns)].some((format) => format !== undefined && hasMonthName(format))
  ) {
    problem(
      'no `date_format` has the name of a month',
      'Set `date_format` too, for example `D. MMMM YYYY`, or remove `date_language`.',
    );
  }
}

/** Reports names that are neither in the schema nor the label's. */
function checkColumns(
  root: LocatedMap,
  option: string,
  columns: readonly (readonly [string, Located])[],
  problems: ConfigProblem[],
): void {
  const known = [...(findMap(root, ['schema'])?.entries.keys() ?? [])];
  const label = find(root, ['label', 'column']) ?? find(root, ['label']);
  const key = find(root, ['data_id', 'column']);
  for (const node of [label, key]) if (node?.kind === 'scalar') known.push(node.text);
  for (const [name, node] of columns) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const fix = near === undefined ? 'Name a column of `schema`, or the label.' : `Did you mean ${quote(near)}?`;
    const message = `${quote(name)} is neither a column of the schema nor the label`;
    problems.push(problemAt(node.keyOrigin ?? node.origin, `spec.csv_options.${option}`, message, fix));
  }
}

const textOf = (node: Located | undefined): string | undefined => (node?.kind === 'scalar' ? node.text : undefined);

/** Returns the texts as they are written, so that `-999` and `1.0` match the text of cells. */
function texts(node: Located | undefined): string[] {
  return node?.kind === 'list' ? node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : [];
}
