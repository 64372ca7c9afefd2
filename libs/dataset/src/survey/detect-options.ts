import type { SurveyedOption } from '@tracebloc/ingestor-contract';
import { type CsvFormat, withCsvOptions } from '@tracebloc/ingestor-core';
import { NUMBER_STYLES } from '../checks/number-format.js';
import type { ColumnProfiler } from './column-profiler.js';
import { detectDateOptions } from './detect-dates.js';
import { detectOwnStyles, detectSigns } from './detect-numbers.js';
import { type DetectedOptions, DOUBT, namesOf } from './detected.js';

/** Returns the options that the cells of a table need, as they were read without any. */
export function detectOptions(columns: readonly ColumnProfiler[]): DetectedOptions {
  const dates = detectDateOptions(columns.filter(({ hasValues }) => hasValues));
  const numbers = numberFormat(columns);
  const besides = detectSigns(columns);
  return {
    options: [...missingWords(columns), ...numbers.options, ...besides.options, ...dates.options],
    doubts: [...numbers.doubts, ...besides.doubts, ...dates.doubts],
  };
}

/** Returns the format with options that `detectOptions` returned. */
export function csvFormatOf(csv: CsvFormat, options: readonly SurveyedOption[]): CsvFormat {
  return withCsvOptions(csv, Object.fromEntries(options.map(({ name, value }) => [name, value])));
}

/** Keeps `NA` as a code where it is one, and names the words that mean a missing value elsewhere. */
function missingWords(columns: readonly ColumnProfiler[]): SurveyedOption[] {
  const withCodes = columns.filter(({ hasNaAmongCodes }) => hasNaAmongCodes);
  const found = columns.flatMap(({ name, wordsSeen, hasNaAmongCodes, missingWords: own }) => {
    const usual = withCodes.length === 0 ? [] : [...wordsSeen];
    const words = [...usual, ...own].filter((word) => word !== '' && !(hasNaAmongCodes && word === 'NA'));
    return words.length > 0 ? [[name, words.sort()] as const] : [];
  });
  const options: SurveyedOption[] = [];
  if (withCodes.length > 0) {
    const reason = `NA is a code of two letters like the others in ${namesOf(withCodes)}`;
    options.push({ name: 'keep_default_na', value: false, reason });
  }
  if (found.length > 0) {
    const reason =
      withCodes.length > 0
        ? 'what means missing elsewhere'
        : 'words among numbers or dates; check that they mean a missing value';
    options.push({ name: 'na_values', value: Object.fromEntries(found), reason });
  }
  return options;
}

/** Finds the way of writing numbers that all columns of numbers allow, and the signs beside them. */
function numberFormat(columns: readonly ColumnProfiler[]): DetectedOptions {
  const numeric = columns.filter(({ numberStyles, hasValues }) => hasValues && numberStyles.fitting.length > 0);
  const common = NUMBER_STYLES.findIndex((_, index) =>
    numeric.every(({ numberStyles }) => numberStyles.fitting.includes(index)),
  );
  // Only these columns need the style: the others allow the usual one.
  const needing = numeric.filter(({ numberStyles }) => !numberStyles.fitting.includes(0));
  const style = NUMBER_STYLES[common];
  if (!style) {
    const [own, found] = [detectOwnStyles(numeric), signs(numeric)];
    return { options: [...own.options, ...found.options], doubts: [...own.doubts, ...found.doubts] };
  }
  const options: SurveyedOption[] = [];
  const where = namesOf(needing);
  const others = NUMBER_STYLES.filter((_, index) =>
    numeric.every(({ numberStyles }) => numberStyles.fitting.includes(index)),
  );
  const isDoubtful = needing.length > 0 && others.some(({ decimal }) => decimal !== style.decimal);
  const doubt = isDoubtful ? DOUBT : '';
  if (style.decimal === ',')
    options.push({ name: 'decimal', value: ',', reason: `the decimal sign in ${where}${doubt}` });
  if (style.thousands !== undefined) {
    const reason = `between groups of digits in ${style.decimal === ',' ? 'some numbers' : `${where}${doubt}`}`;
    options.push({ name: 'thousands', value: style.thousands, reason });
  }
  const found = signs(numeric);
  const doubts = [...found.doubts];
  if (isDoubtful) {
    doubts.push(
      `No value decides how numbers are written in ${where}: "1,500" is read as 1500, and may be 1.5. If it is, set \`decimal: ","\` without \`thousands\`.`,
    );
  }
  return { options: [...options, ...found.options], doubts };
}

/** Finds percent signs and the signs of currencies beside numbers. */
function signs(numeric: readonly ColumnProfiler[]): DetectedOptions {
  const options: SurveyedOption[] = [];
  const doubts: string[] = [];
  const inPercent = numeric.filter(({ numberStyles }) => numberStyles.hasPercent);
  if (inPercent.length > 0) {
    const reason = `5% is 5 in ${namesOf(inPercent)}; write fraction to make it 0.05`;
    options.push({ name: 'percent', value: 'number', reason });
    const mixed = inPercent.filter(({ numberStyles }) => numberStyles.hasBare);
    if (mixed.length > 0) {
      doubts.push(
        `Some numbers of ${namesOf(mixed)} have a percent sign and some have none: 5% is read as 5, beside 5 without the sign.`,
      );
    }
  }
  const currencies = [...new Set(numeric.flatMap(({ numberStyles }) => [...numberStyles.currencies]))].sort();
  if (currencies.length > 0) {
    const inCurrency = numeric.filter(({ numberStyles }) => numberStyles.currencies.size > 0);
    options.push({ name: 'currency', value: currencies, reason: `left out in ${namesOf(inCurrency)}` });
    const several = inCurrency.filter(({ numberStyles }) => numberStyles.currencies.size > 1);
    if (several.length > 0) {
      doubts.push(
        `The numbers of ${namesOf(several)} are of several currencies, whose signs are left out: the amounts are not converted.`,
      );
    }
  }
  return { options, doubts };
}
