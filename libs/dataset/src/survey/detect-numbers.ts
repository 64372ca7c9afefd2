import type { SurveyedOption } from '@tracebloc/ingestor-contract';
import { NEGATIVE_SIGNS } from '../checks/negative.js';
import { NUMBER_STYLES } from '../checks/number-format.js';
import type { ColumnProfiler } from './column-profiler.js';
import { type DetectedOptions, DOUBT, namesOf } from './detected.js';

/** Finds the way of writing numbers of each column, for columns of numbers that have none in common. */
export function detectOwnStyles(numeric: readonly ColumnProfiler[]): DetectedOptions {
  const decimals: Record<string, string> = {};
  const thousands: Record<string, string> = {};
  const doubts: string[] = [];
  for (const { name, numberStyles } of numeric) {
    const { decimal = '.', thousands: separator } = NUMBER_STYLES[numberStyles.fitting[0]!]!;
    if (decimal === ',' || numberStyles.isOpen) decimals[name] = decimal;
    if (separator !== undefined) thousands[name] = separator;
    if (!numberStyles.isOpen) continue;
    const [example, read, other, set] =
      separator === ',' ? ['1,500', '1500', '1.5', '`decimal`'] : ['1.500', '1.5', '1500', '`decimal` and `thousands`'];
    doubts.push(
      `No value decides how numbers are written in ${name}: "${example}" is read as ${read}, and may be ${other}. If it is, set ${set} of this column.`,
    );
  }
  const reason = `how numbers are written differs between columns${doubts.length > 0 ? DOUBT : ''}`;
  const options: SurveyedOption[] = [];
  if (Object.keys(decimals).length > 0) options.push({ name: 'decimal', value: decimals, reason });
  if (Object.keys(thousands).length > 0) {
    options.push({ name: 'thousands', value: thousands, reason: 'between groups of digits in these columns' });
  }
  return { options, doubts };
}

/** Finds how negative numbers are written, and units. */
export function detectSigns(columns: readonly ColumnProfiler[]): DetectedOptions {
  const numeric = columns.filter(({ numberStyles, hasValues }) => hasValues && numberStyles.fitting.length > 0);
  const negative = numeric.filter(({ numberStyles }) => numberStyles.negative !== undefined);
  const options: SurveyedOption[] = [];
  const doubts: string[] = [];
  if (negative.length > 0) {
    const kinds = new Set(negative.map(({ numberStyles }) => numberStyles.negative));
    const examples = NEGATIVE_SIGNS.filter(([kind]) => kinds.has(kind)).map(([, example]) => example);
    const value = Object.fromEntries(negative.map(({ name, numberStyles }) => [name, numberStyles.negative!]));
    options.push({ name: 'negative', value, reason: `${examples.join(' and ')} mean -5 in these columns` });
    const open = negative.filter(
      ({ numberStyles: { negative: kind, hasOddMoney } }) => kind === 'parentheses' && !hasOddMoney,
    );
    if (open.length > 0) {
      doubts.push(
        `Numbers of ${namesOf(open)} in parentheses are read as negative. If they mean something else, remove \`negative\` and declare the column VARCHAR.`,
      );
    }
  }
  const withUnit = numeric.filter(({ numberStyles }) => numberStyles.unit !== undefined);
  if (withUnit.length > 0) {
    const value = Object.fromEntries(withUnit.map(({ name, numberStyles }) => [name, numberStyles.unit!]));
    options.push({ name: 'units', value, reason: 'the unit of all numbers of these columns, which is left out' });
  }
  const odd = columns.filter(({ numberStyles, hasValues }) => hasValues && numberStyles.isOdd);
  if (odd.length > 0) {
    doubts.push(
      `Numbers of ${namesOf(odd)} are written as (5), 5- or with a dash, and no value decides whether they are negative, so the column is text. If they are, write them as -5 in the file.`,
    );
  }
  return { options, doubts };
}
