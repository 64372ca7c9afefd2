import { parseSqlType, type Column, type DatasetReader, type SqlType } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck, compileMissing } from '../checks/cell.js';
import { compileLabel } from '../checks/label.js';

const NUMBER = parseSqlType('DOUBLE');
const MOMENT = parseSqlType('DATETIME(6)');

/** A time that can be compared with others of the same type. */
export type Time = number | string;

/**
 * Returns a function that returns one text for each value of a column, as the reading of a dataset does: `1` and `1.0` are one
 * value of an INT. A missing value is an empty text. A text that does not fit the declared type stays as written.
 */
export function compileValue(
  name: string,
  dataset: DatasetReader,
  schema: readonly Column[] = [],
): (text: string) => string {
  const isMissing = compileMissing(dataset.missingOf(name));
  const type = typeOf(name, schema);
  // The order of the rows does not matter here, and local times are as good as moments.
  const check = type && compileLabel(type, { ...dataset.formatOf(name), timeZone: undefined });
  return (text) => {
    if (isMissing(text)) return '';
    const value = check?.(text);
    return typeof value === 'string' ? value : text.trim();
  };
}

/**
 * Returns a function that reads the times of a column in the order of the rows, with the options of the dataset. It returns
 * `undefined` for a text that is not a time.
 */
export function compileTime(
  name: string,
  dataset: DatasetReader,
  schema: readonly Column[] = [],
): (text: string) => Time | undefined {
  const format = dataset.formatOf(name);
  const kind = typeOf(name, schema)?.kind;
  const isMoment = kind === 'date' || kind === 'datetime' || format.dateFormat !== undefined;
  const checkNumber = isMoment ? undefined : compileFormattedCheck(NUMBER, format);
  const checkMoment = compileFormattedCheck(MOMENT, format);
  return (text) => {
    const number = checkNumber?.(text);
    if (typeof number === 'string') return Number(number);
    const moment = checkMoment(text);
    return typeof moment === 'string' ? moment : undefined;
  };
}

const typeOf = (name: string, schema: readonly Column[]): SqlType | undefined =>
  schema.find((column) => column.name === name)?.type;
