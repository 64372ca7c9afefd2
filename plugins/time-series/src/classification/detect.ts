import { type ColumnProfile, type Detection, type Misfit, VALUES_LIMIT } from '@tracebloc/ingestor-contract';
import type { Survey } from '@tracebloc/ingestor-contract';
import { constantWithin, isLabelName } from '@tracebloc/ingestor-dataset';
import { TIME_NAMES, isMoment, isNumber, kindOf, leaveOutTexts, rankIn } from '../detect.js';
import { isNamed } from '../schema-check.js';

/** Matches names that say that the rows of one value are a sequence. */
const SEQUENCE = /^(?:seq(?:uence)?|series)(?:[ _-]?(?:id|no|nr|number))?$/i;
const STEP_NAMES = [
  'step',
  'time_step',
  'timestep',
  't',
  'tick',
  'frame',
  'cycle',
  'sample',
  'seconds',
  'sec',
  'year',
  'week',
  'hour',
  'minute',
];
const TIMES = [...TIME_NAMES, ...STEP_NAMES];
/** The fewest rows of a sequence, on average, unless the name of the ids says that they are sequences. */
const MIN_LENGTH = 3;

const NO_TABLE: Misfit = { reason: 'there is no table', fix: 'Write the sequences into a table, such as a CSV file.' };
const NO_ID: Misfit = {
  reason: 'no column of ids has several rows for each id',
  fix: 'Add a column, such as sequence_id, with the same id in all rows of a sequence.',
};
const NO_TIME: Misfit = {
  reason: 'no column holds the times or steps of the rows',
  fix: 'Add a column, such as timestamp, with the time of each row, or step, with its place in the sequence.',
};
const NO_FEATURE: Misfit = {
  reason: 'no column holds numbers that were measured',
  fix: 'Add a column of numbers for each measurement.',
};

/** Recognises a table whose ids recur, whose rows have times, and whose label is the same in all rows of an id. */
export async function detect({ manifests: [manifest] }: Survey, label?: string): Promise<Detection | Misfit> {
  if (!manifest) return NO_TABLE;
  const { columns, rows } = manifest;
  const ids = columns
    .filter((column) => column.name !== label && isId(column, rows))
    .sort((a, b) => rankOfId(a) - rankOfId(b));
  if (ids.length === 0) return NO_ID;
  const isClear = SEQUENCE.test(ids[0]!.name.trim());
  const [time] = columns
    .filter((column) => column.name !== label && column !== ids[0] && isTime(column))
    .sort((a, b) => rankIn(TIMES, a) - rankIn(TIMES, b));
  if (!time) return { ...NO_TIME, near: isClear };
  const classes = columns.filter(
    (column) => column !== time && (label === undefined ? isClass(column, rows) : column.name === label),
  );
  const constant = await constantWithin(
    manifest,
    ids.filter((id) => id !== time),
    classes,
  );
  const [id] = ids.filter((one) => constant.has(one.name));
  if (!id) return { ...withoutLabel(ids[0]!, label), near: isClear };
  const labels = constant.get(id.name)!.sort((a, b) => Number(isLabelName(b)) - Number(isLabelName(a)));
  const used = [id, time];
  const features = columns.filter(
    (column) => isNumber(column) && !used.includes(column) && !isNamed(column.name, 'id'),
  );
  if (features.every(({ name }) => labels.includes(name))) return { ...NO_FEATURE, near: isClear };
  const stored = { ...time, sql: isMoment(time) ? time.sql.replace(/^[A-Z]+/, 'TIMESTAMP') : time.sql };
  return {
    fit: isNamed(id.name, 'sequence_id') ? 'certain' : 'likely',
    found: `a table of ${rows.toLocaleString('en-US')} rows, which are sequences by their ${id.name}, in the order of ${time.name}`,
    manifest: {
      ...manifest,
      columns: columns.map((column) => (column === time ? stored : column)),
      ...leaveOutTexts(manifest, [...used, ...columns.filter(({ name }) => labels.includes(name))]),
    },
    labels,
    schema: columns.filter((column) => used.includes(column) || features.includes(column)).map(({ name }) => name),
    fields: {
      ...(!isNamed(id.name, 'sequence_id') && { sequence_column: id.name }),
      ...(!isNamed(time.name, 'timestamp') && { time_column: time.name }),
    },
    fileOptions: {},
  };
}

/** Whether each value has several rows, as ids of sequences do. */
function isId({ name, sql, distinct, moreDistinct, missing }: ColumnProfile, rows: number): boolean {
  if (missing > 0 || distinct < 3 || !/^(?:VARCHAR|CHAR|INT|BIGINT)/.test(sql)) return false;
  if (SEQUENCE.test(name.trim())) return moreDistinct || distinct < rows;
  return !moreDistinct && distinct * MIN_LENGTH <= rows;
}

/** Returns a lower number for a likelier column of ids: named as sequences, named as ids, and otherwise the one with more values. */
function rankOfId({ name, distinct }: ColumnProfile): number {
  if (SEQUENCE.test(name.trim())) return 0;
  return (/(?:^|[^a-z])id$|[a-z]I[dD]$/i.test(name.trim()) ? 1 : 2) + 1 / distinct;
}

const isTime = (column: ColumnProfile): boolean =>
  column.missing === 0 &&
  column.distinct > 1 &&
  (isMoment(column) || (isNumber(column) && kindOf(column) !== 'boolean' && rankIn(TIMES, column) < TIMES.length));

/** Whether the values recur as classes do. */
const isClass = ({ sql, distinct, moreDistinct }: ColumnProfile, rows: number): boolean =>
  !moreDistinct &&
  distinct > 1 &&
  distinct <= rows / 2 &&
  (/^(?:VARCHAR|BOOLEAN)/.test(sql) || (/^INT/.test(sql) && distinct <= VALUES_LIMIT));

function withoutLabel({ name }: ColumnProfile, label: string | undefined): Misfit {
  const reason =
    label === undefined
      ? `no column of classes has one value in all rows of a ${name}`
      : `its label, ${label}, is not one class in all rows of a ${name}`;
  return {
    reason,
    fix: 'Write the class of each sequence into all of its rows, and name its column with --label <column>.',
  };
}
