import type { ColumnProfile, Detection, Survey } from '@tracebloc/ingestor-contract';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { NUMERIC, isTimestamp } from './schema-check.js';

/** The usual names of columns, the likelier first. */
const TIME_NAMES = ['timestamp', 'datetime', 'date', 'time'];
const TARGET_NAMES = ['target', 'value', 'y'];

/** Recognises a table that has numbers and is ordered by a column of times. */
export async function detect({ manifests: [manifest] }: Survey, label?: string): Promise<Detection | undefined> {
  if (!manifest) return undefined;
  const { columns, rows } = manifest;
  const [time] = columns.filter(isTime).sort((a, b) => rankIn(TIME_NAMES, a) - rankIn(TIME_NAMES, b));
  const numbers = columns.filter((column) => NUMERIC.includes(kindOf(column)) && column.name.toLowerCase() !== 'id');
  const labels = numbers
    .filter((column) => (label === undefined ? isTarget(column) : column.name === label))
    .sort((a, b) => rankIn(TARGET_NAMES, a) - rankIn(TARGET_NAMES, b) || b.distinct - a.distinct);
  if (!time || labels.length === 0) return undefined;
  const isNamed = isTimestamp(time);
  // The pattern keeps the number of decimals.
  const timestamp = { ...time, sql: time.sql.replace(/^[A-Z]+/, 'TIMESTAMP') };
  return {
    fit: isNamed ? 'likely' : 'possible',
    found: `a table of ${rows.toLocaleString('en-US')} rows in the order of its column ${time.name}${isNamed ? '' : ', which must be called timestamp'}`,
    manifest: { ...manifest, columns: columns.map((column) => (column === time ? timestamp : column)) },
    labels: labels.map(({ name }) => name),
    schema: columns.filter((column) => column === time || numbers.includes(column)).map(({ name }) => name),
    fields: {},
    fileOptions: {},
  };
}

const kindOf = ({ sql }: ColumnProfile) => parseSqlType(sql).kind;

const isTarget = (column: ColumnProfile): boolean => kindOf(column) !== 'boolean' && column.distinct > 1;

function isTime(column: ColumnProfile): boolean {
  const isNamed = rankIn(TIME_NAMES, column) < TIME_NAMES.length;
  return isNamed && column.ascending && column.missing === 0 && ['date', 'datetime'].includes(kindOf(column));
}

/** Returns the index of a column's name in a list, or the list's length if it is not listed. */
function rankIn(names: readonly string[], { name }: ColumnProfile): number {
  const index = names.indexOf(name.toLowerCase());
  return index === -1 ? names.length : index;
}
