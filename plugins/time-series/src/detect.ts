import type { ColumnProfile, Detection, ManifestProfile, Misfit, Survey } from '@tracebloc/ingestor-contract';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { NUMERIC, isNamed } from './schema-check.js';

/** The usual names of columns, the likelier first. */
export const TIME_NAMES = ['timestamp', 'datetime', 'date', 'time', 'ds', 'month', 'day', 'ts', 'when'];
/** The most names in a caveat. */
const MAX_NAMES = 5;
const TARGET_NAMES = ['target', 'value', 'y'];

/** Recognises a table that has numbers and is in the order of a column of dates or times, whatever its name is. */
export async function detect({ manifests: [manifest] }: Survey, label?: string): Promise<Detection | Misfit> {
  if (!manifest) return { reason: 'there is no table', fix: 'Write the series into a table, such as a CSV file.' };
  const { columns, rows } = manifest;
  const times = columns.filter(isMoment).sort((a, b) => rankIn(TIME_NAMES, a) - rankIn(TIME_NAMES, b));
  const time = times.find(isOrdered);
  if (!time)
    return withoutTime(
      times[0],
      columns.find(({ name }) => name === label),
    );
  const numbers = columns.filter((column) => isNumber(column) && !isNamed(column.name, 'id'));
  const labels = numbers
    .filter((column) => (label === undefined ? isTarget(column) : column.name === label))
    .sort((a, b) => rankIn(TARGET_NAMES, a) - rankIn(TARGET_NAMES, b) || b.distinct - a.distinct);
  if (labels.length === 0) return withoutTarget(label);
  // The pattern keeps the number of decimals.
  const timestamp = { ...time, sql: time.sql.replace(/^[A-Z]+/, 'TIMESTAMP') };
  const isUsual = isNamed(time.name, 'timestamp');
  // Records of something else, such as orders, often share their dates or have texts, and their labels may be yes or no.
  const hasOwnTimes = time.distinct === rows || time.moreDistinct;
  const isSeries = isUsual || (hasOwnTimes && columns.every((column) => column === time || isNumber(column)));
  const isMeasured = labels.some((column) => isTarget(column) && column.distinct > 2);
  const caveat = isMeasured ? caveatOf(manifest, time, hasOwnTimes) : undefined;
  return {
    fit: isSeries && isMeasured ? 'likely' : 'possible',
    ...(caveat !== undefined && { caveat }),
    found: `a table of ${rows.toLocaleString('en-US')} rows in the order of its column ${time.name}`,
    manifest: {
      ...manifest,
      columns: columns.map((column) => (column === time ? timestamp : column)),
      ...leaveOutTexts(manifest, [time]),
    },
    labels: labels.map(({ name }) => name),
    schema: columns
      .filter((column) => column === time || (numbers.includes(column) && !isNamed(column.name, 'timestamp')))
      .map(({ name }) => name),
    fields: isUsual ? {} : { time_column: time.name },
    fileOptions: {},
  };
}

/** Adds the columns that are no numbers to those that are left out. `used` are stored all the same. */
export function leaveOutTexts(
  { columns, leftOut = [] }: ManifestProfile,
  used: readonly ColumnProfile[],
): Pick<ManifestProfile, 'leftOut'> {
  const texts = columns.filter((column) => !used.includes(column) && !isNumber(column));
  if (texts.length === 0) return {};
  const [reason, fix] = ['it is not a number', 'Write its categories as numbers to keep it.'];
  return { leftOut: [...leftOut, ...texts.map(({ name }) => ({ name, reason, fix }))] };
}

/** Says why a table in the order of a time may yet be no series. Rows of something else seldom have a time each. */
function caveatOf({ columns }: ManifestProfile, time: ColumnProfile, hasOwnTimes: boolean): string | undefined {
  const isNamedSo = rankIn(TIME_NAMES, time) < TIME_NAMES.length;
  if (!hasOwnTimes) {
    return isNamedSo
      ? `several rows have the same date or time in the column ${time.name}, as in a file of several series, each of which needs a separate file`
      : undefined;
  }
  const others = columns.filter((column) => column !== time && !isNumber(column)).map(({ name }) => name);
  if (others.length === 0) return undefined;
  const more = others.length - MAX_NAMES;
  const shown = others.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const verb = others.length === 1 ? 'is not a number and is' : 'are not numbers and are';
  return `each row has its own date or time, but ${shown} ${verb} left out there; write categories as numbers to keep them`;
}

function withoutTime(nearest: ColumnProfile | undefined, label: ColumnProfile | undefined): Misfit {
  if (!nearest) {
    return {
      reason: 'no column holds dates or times',
      fix: 'Add a column with the date or time of each row, such as 2024-01-31 or 2024-01-31 12:00.',
    };
  }
  const { name, missing, ascending } = nearest;
  if (ascending && missing === 0) {
    const reason = `all rows have the same date or time in the column ${name}`;
    return { reason, fix: `Write the date or time of each row into ${name}.` };
  }
  if (ascending) {
    const reason = `${missing.toLocaleString('en-US')} of its rows have no date or time in the column ${name}`;
    return { reason, fix: `Fill in ${name}, or remove the rows without it.` };
  }
  const clocks = 'If times repeat because the clocks went back, first write the offset of each time, such as +01:00. ';
  return {
    reason: `its rows are not in the order of the column ${name}`,
    fix: `${kindOf(nearest) === 'datetime' ? clocks : ''}Sort the rows by ${name}, the oldest first. Make a separate file of each of several series.`,
    near: rankIn(TIME_NAMES, nearest) < TIME_NAMES.length && (!label || isNumber(label)),
  };
}

function withoutTarget(label: string | undefined): Misfit {
  return label === undefined
    ? { reason: 'no column holds numbers to predict', fix: 'Add the column of the numbers to predict.' }
    : { reason: `its label, ${label}, is not a number`, fix: 'Name a column of numbers with --label <column>.' };
}

export const kindOf = ({ sql }: ColumnProfile) => parseSqlType(sql).kind;

export const isNumber = (column: ColumnProfile): boolean => NUMERIC.includes(kindOf(column));

const isTarget = (column: ColumnProfile): boolean => kindOf(column) !== 'boolean' && column.distinct > 1;

export const isMoment = (column: ColumnProfile): boolean => ['date', 'datetime'].includes(kindOf(column));

const isOrdered = ({ ascending, missing, distinct }: ColumnProfile): boolean =>
  ascending && missing === 0 && distinct > 1;

/** Returns the index of a column's name in a list, or the list's length if it is not listed. */
export function rankIn(names: readonly string[], { name }: ColumnProfile): number {
  const index = names.indexOf(name.trim().toLowerCase());
  return index === -1 ? names.length : index;
}
