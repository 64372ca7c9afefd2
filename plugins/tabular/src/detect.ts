import type { ColumnProfile, Detection, Fit, ManifestProfile, Misfit, Survey } from '@tracebloc/ingestor-contract';
import { VALUES_LIMIT } from '@tracebloc/ingestor-contract';
import { isLabelName, narrowLabels } from '@tracebloc/ingestor-dataset';

const ID = /(^|[^a-z])(id|uuid|guid|key|index|unnamed: 0)$|[a-z]I[dD]$/i;
const NUMBER = /^(INT|BIGINT|DECIMAL|DOUBLE)\b/;
const WHOLE = /^(INT|BIGINT)\b/;

/** What a task may predict from a column. */
type Role = 'class' | 'number';

/** Recognises a table whose rows belong to classes. */
export async function detectClassification(survey: Survey, label?: string): Promise<Detection | Misfit> {
  return detect(survey, label, 'class');
}

/** Recognises a table whose rows have a number to predict. */
export async function detectRegression(survey: Survey, label?: string): Promise<Detection | Misfit> {
  return detect(survey, label, 'number');
}

function detect({ manifests, folders }: Survey, label: string | undefined, role: Role): Detection | Misfit {
  const [manifest] = manifests;
  if (!manifest) return { reason: 'there is no table', fix: 'Write the data into a table, such as a CSV file.' };
  if (manifest.columns.length < 2) {
    return { reason: 'the table has only one column', fix: 'Add a column: a table needs the label and a feature.' };
  }
  const { fit, labels } = chooseLabels(manifest, label, role);
  if (labels.length === 0) return withoutLabel(manifest, label, role);
  const [only, ...others] = manifest.columns.filter(({ name }) => labels.includes(name));
  // A number of few values may be an amount or a class. Two values are hardly amounts.
  const isClass = others.length === 0 && roleOf(only!, manifest) === 'class';
  const isDoubtful = role === 'number' && isClass && only!.distinct > 2;
  return {
    ...(isDoubtful && { caveat: `the numbers of ${only!.name} are few and recur, as those of classes do` }),
    fit: namesFiles(manifest, folders) || (role === 'number' && isSeries(manifest)) ? 'possible' : fit,
    found: `a table of ${manifest.rows.toLocaleString('en-US')} rows and ${manifest.columns.length} columns, ${describe(labels, role)}`,
    manifest,
    labels,
    schema: manifest.columns.map(({ name }) => name),
    fields: {},
    fileOptions: {},
  };
}

/** Whether the table names files beside it: then it most likely describes those. */
function namesFiles({ columns, rows }: ManifestProfile, folders: Survey['folders']): boolean {
  if (folders.length === 0) return false;
  return columns.some(
    ({ name, files = {}, distinct }) =>
      name.trim().toLowerCase() === 'filename' ||
      (distinct * 2 >= rows && Object.values(files).some((cells) => cells * 2 >= rows)),
  );
}

/** Whether the table is most likely a time series: numbers, and in each row a later date or time than in the one before. */
function isSeries({ columns, rows }: ManifestProfile): boolean {
  const others = columns.filter(({ sql }) => !NUMBER.test(sql) && sql !== 'BOOLEAN');
  return (
    others.length === 1 &&
    others.every(
      ({ sql, ascending, missing, distinct, moreDistinct }) =>
        /^DATE/.test(sql) && ascending && missing === 0 && (distinct === rows || moreDistinct),
    )
  );
}

function withoutLabel({ columns }: ManifestProfile, label: string | undefined, role: Role): Misfit {
  if (label !== undefined) {
    // A class may be any column, so that only a number can be missed.
    return { reason: `its label, ${label}, is not a number`, fix: 'Name a column of numbers with --label <column>.' };
  }
  const usual = columns.map(({ name }) => name).filter(isLabelName);
  const named = usual.length === 1 ? `its label, ${usual[0]},` : 'no column';
  const what =
    role === 'class'
      ? `${named} ${usual.length === 1 ? 'does not hold' : 'holds'} values that recur, as classes do`
      : `${named} ${usual.length === 1 ? 'is not a number' : 'holds numbers to predict'}`;
  const fix =
    role === 'class'
      ? 'Name the column of the classes with --label <column>, or add one.'
      : 'Name the column of the numbers with --label <column>, or add one.';
  return { reason: what, fix };
}

/** Returns the columns that may be the label: the one that the user named, else the one with a usual name, else all that suit. */
function chooseLabels(
  manifest: ManifestProfile,
  label: string | undefined,
  role: Role,
): { fit: Fit; labels: string[] } {
  const roles = new Map(manifest.columns.map((column) => [column.name, roleOf(column, manifest)]));
  const candidates = narrowLabels([...roles.keys()].filter((name) => roles.get(name) !== undefined));
  const known = label ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (known === undefined)
    return { fit: 'likely', labels: rank(candidates.filter((name) => roles.get(name) === role)) };
  const column = manifest.columns.find(({ name }) => name === known);
  const suits = column !== undefined && (role === 'class' || NUMBER.test(column.sql));
  return { fit: roles.get(known) === role ? 'likely' : 'possible', labels: suits ? [known] : [] };
}

/** Returns the role that a column's values suit, or undefined if they number the rows or are all the same. */
function roleOf(column: ColumnProfile, { rows }: ManifestProfile): Role | undefined {
  const { name, sql, distinct, moreDistinct, missing, ascending } = column;
  const present = rows - missing;
  if (distinct < 2) return undefined;
  const recurs = !moreDistinct && distinct <= present / 2;
  const isNumber = NUMBER.test(sql);
  if (isNumber ? WHOLE.test(sql) && distinct <= VALUES_LIMIT && recurs : isClassText(column, present)) return 'class';
  if (!isNumber) return undefined;
  const numbersRows = WHOLE.test(sql) && ascending && (moreDistinct || distinct === present);
  return ID.test(name) || numbersRows ? undefined : 'number';
}

/** Returns whether texts are the names of classes: they recur, and they are few or each occurs twice on average. */
function isClassText({ sql, distinct, moreDistinct }: ColumnProfile, present: number): boolean {
  if (!/^(VARCHAR|BOOLEAN)/.test(sql) || moreDistinct || distinct === present) return false;
  return distinct <= VALUES_LIMIT || distinct <= present / 2;
}

/** Sorts usual names of labels first, then the last column, since that is usually the label. */
function rank(names: readonly string[]): string[] {
  return names.toReversed().sort((a, b) => Number(isLabelName(b)) - Number(isLabelName(a)));
}

function describe(labels: readonly string[], role: Role): string {
  const [only, ...others] = labels;
  if (others.length > 0) return `of which ${labels.length} could be the ${role} to predict`;
  return role === 'class' ? `whose ${only} names classes` : `whose ${only} is a number`;
}
