import type { ColumnProfile, Detection, Survey } from '@tracebloc/ingestor-contract';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { NUMERIC, isTimestamp } from './schema-check.js';

/** Names of columns, the likelier first. */
const TIME_NAMES = ['timestamp', 'datetime', 'date', 'time'];
const TARGET_NAMES = ['target', 'value', 'y'];

/** A table in the order of a column of moments, beside which it has numbers. */
export async function detect({ manifests: [manifest] }: Survey, label?: string): Promise<Detection | undefined> {
  if (!manifest) return undefined;
  const { columns, rows } = manifest;
  const [time] = columns.filter(isTime).sort((a, b) => placeIn(TIME_NAMES, a) - placeIn(TIME_NAMES, b));
  const numbers = columns.filter((column) => NUMERIC.includes(kindOf(column)) && column.name.toLowerCase() !== 'id');
  const labels = numbers
    .filter((column) => (label === undefined ? isTarget(column) : column.name === label))
    .sort((a, b) => placeIn(TARGET_NAMES, a) - placeIn(TARGET_NAMES, b) || b.distinct - a.distinct);
  if (!time || labels.length === 0) return undefined;
  const isNamed = isTimestamp(time);
  // With as many decimals as its values have.
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
  const isNamed = placeIn(TIME_NAMES, column) < TIME_NAMES.length;
  return isNamed && column.ascending && column.missing === 0 && ['date', 'datetime'].includes(kindOf(column));
}

/** The place of a column's name in a list, after whose end all others stand. */
function placeIn(names: readonly string[], { name }: ColumnProfile): number {
  const place = names.indexOf(name.toLowerCase());
  return place === -1 ? names.length : place;
}
