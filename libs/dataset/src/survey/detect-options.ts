import type { SurveyedOption } from '@tracebloc/ingestor-contract';
import { type CsvFormat, listNames } from '@tracebloc/ingestor-core';
import { NUMBER_STYLES } from '../checks/number-format.js';
import type { ColumnProfiler } from './column-profiler.js';

/** The most names of columns in a reason. */
const MAX_NAMED = 5;

/** Returns the options that the cells of a table need, as they were read without any. */
export function detectOptions(columns: readonly ColumnProfiler[]): SurveyedOption[] {
  return [...missingWords(columns), ...numberFormat(columns), ...dateFormats(columns)];
}

/** Fields of `CsvFormat` whose names differ from those of the options. */
const FIELDS: Readonly<Record<string, keyof CsvFormat>> = {
  keep_default_na: 'keepDefaultNa',
  na_values: 'naColumns',
  date_format: 'dateColumns',
  day_first: 'dayFirst',
};

/** Returns the format with options that `detectOptions` returned. */
export function csvFormatOf(csv: CsvFormat, options: readonly SurveyedOption[]): CsvFormat {
  return { ...csv, ...Object.fromEntries(options.map(({ name, value }) => [FIELDS[name] ?? name, value])) };
}

/** Keeps `NA` as a code where it is one, and names the words that mean a missing value elsewhere. */
function missingWords(columns: readonly ColumnProfiler[]): SurveyedOption[] {
  const withCodes = columns.filter(({ hasNaAmongCodes }) => hasNaAmongCodes);
  if (withCodes.length === 0) return [];
  const others = columns.flatMap(({ name, wordsSeen, hasNaAmongCodes }) => {
    const words = [...wordsSeen].filter((word) => word !== '' && !(hasNaAmongCodes && word === 'NA'));
    return words.length > 0 ? [[name, words.sort()] as const] : [];
  });
  const reason = `NA is a code of two letters like the others in ${namesOf(withCodes)}`;
  const options: SurveyedOption[] = [{ name: 'keep_default_na', value: false, reason }];
  if (others.length > 0) {
    options.push({ name: 'na_values', value: Object.fromEntries(others), reason: 'what means missing elsewhere' });
  }
  return options;
}

/** Finds the way of writing numbers that all columns of numbers allow, and the signs beside them. */
function numberFormat(columns: readonly ColumnProfiler[]): SurveyedOption[] {
  const numeric = columns.filter(({ numberStyles, hasValues }) => hasValues && numberStyles.fitting.length > 0);
  const common = NUMBER_STYLES.findIndex((_, index) =>
    numeric.every(({ numberStyles }) => numberStyles.fitting.includes(index)),
  );
  const style = NUMBER_STYLES[common];
  if (!style) return [];
  const options: SurveyedOption[] = [];
  // Only these columns need the style: the others allow the usual one.
  const needing = numeric.filter(({ numberStyles }) => !numberStyles.fitting.includes(0));
  const where = namesOf(needing);
  const others = NUMBER_STYLES.filter((_, index) =>
    numeric.every(({ numberStyles }) => numberStyles.fitting.includes(index)),
  );
  const doubt = others.some(({ decimal }) => decimal !== style.decimal) ? '; check it, because no value decides' : '';
  if (style.decimal === ',')
    options.push({ name: 'decimal', value: ',', reason: `the decimal sign in ${where}${doubt}` });
  if (style.thousands !== undefined) {
    const reason = `between groups of digits in ${style.decimal === ',' ? 'some numbers' : `${where}${doubt}`}`;
    options.push({ name: 'thousands', value: style.thousands, reason });
  }
  const inPercent = numeric.filter(({ numberStyles }) => numberStyles.hasPercent);
  if (inPercent.length > 0) {
    const reason = `5% is 5 in ${namesOf(inPercent)}; write fraction to make it 0.05`;
    options.push({ name: 'percent', value: 'number', reason });
  }
  const currencies = [...new Set(numeric.flatMap(({ numberStyles }) => [...numberStyles.currencies]))].sort();
  if (currencies.length > 0) {
    const inCurrency = numeric.filter(({ numberStyles }) => numberStyles.currencies.size > 0);
    options.push({ name: 'currency', value: currencies, reason: `left out in ${namesOf(inCurrency)}` });
  }
  return options;
}

/** Finds how dates are written that have no usual format. */
function dateFormats(columns: readonly ColumnProfiler[]): SurveyedOption[] {
  const found = columns.flatMap((column) => {
    const needed = column.hasValues ? column.dateStyles.needed : undefined;
    return needed ? [{ column, ...needed }] : [];
  });
  const options: SurveyedOption[] = [];
  const ordered = found.filter(({ option }) => option.dayFirst !== undefined);
  const [first] = ordered;
  // Columns that contradict each other have no common option.
  if (first && ordered.every(({ option }) => option.dayFirst === first.option.dayFirst)) {
    const what = first.option.dayFirst ? 'the day comes first' : 'the month comes first';
    const doubt = ordered.every(({ isSure }) => isSure) ? '' : '; check it, because no value decides';
    const reason = `${what} in ${namesOf(ordered.map(({ column }) => column))}${doubt}`;
    options.push({ name: 'day_first', value: first.option.dayFirst!, reason });
  }
  const formats = found.filter(({ option }) => option.dateFormat !== undefined);
  if (formats.length > 0) {
    const value = Object.fromEntries(formats.map(({ column, option }) => [column.name, option.dateFormat!]));
    options.push({ name: 'date_format', value, reason: 'how dates are written in these columns' });
  }
  return options;
}

function namesOf(columns: readonly ColumnProfiler[]): string {
  return listNames(
    columns.map(({ name }) => name),
    MAX_NAMED,
  );
}
