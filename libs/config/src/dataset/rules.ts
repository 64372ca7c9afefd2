import { VALUE_OPTIONS } from './csv-options.js';
import { listNames, type LabelPolicy } from '@tracebloc/ingestor-core';
import {
  isOptionError,
  resolveOptions,
  type JsonObject,
  type TableFormat,
  type TaskType,
} from '@tracebloc/ingestor-contract';
import { problemAt } from '../errors.js';
import { find, findMap, findText, toJson, type LocatedMap } from '../yaml/located.js';
import { properties } from '../schema/compose.js';
import { FILE_OPTIONS } from '../schema/fields.js';
import type { ConfigProblem, RunConfig } from '../types.js';
import { quote } from '../wording.js';

/** Returns the configured label, or `undefined` if it is missing or not valid. */
export function readLabel(root: LocatedMap, task: TaskType | undefined, problems: ConfigProblem[]): RunConfig['label'] {
  const node = root.entries.get('label');
  const column = findText(node, node?.kind === 'map' ? ['column'] : []);
  if (!node || column === undefined) return undefined;
  const policy = findText(node, ['policy']) as LabelPolicy | undefined;
  // A policy that is not valid was already reported and removed.
  if (task?.label.statePolicy && !policy && !problems.some(({ field }) => field === 'label.policy')) {
    const fix = `Write \`label: {column: ${column}, policy: passthrough}\` or \`policy: bucket\`, or set --label-policy.`;
    problems.push(problemAt(node.origin, 'label', `${task.id} must state the label's policy`, fix));
  }
  return { column, policy: policy ?? 'passthrough' };
}

export function readDataId(root: LocatedMap, warnings: string[]): RunConfig['dataId'] {
  const strategy = findText(root, ['data_id', 'strategy']) ?? 'uuid';
  const column = findText(root, ['data_id', 'column']);
  if (strategy === 'column' && column !== undefined) {
    warnings.push(`data_id has the values of column ${quote(column)}, which therefore leave the cluster.`);
    return { strategy, column };
  }
  if (column !== undefined) warnings.push(`data_id.column has no effect with strategy ${strategy}.`);
  return { strategy: strategy === 'content_hash' ? strategy : 'uuid' };
}

/** Reports a `data_id` column that has the same value in all rows of a group. */
export function refuseSharedId(
  root: LocatedMap,
  { groups }: TaskType,
  { schema, options, dataId }: Pick<RunConfig, 'schema' | 'options' | 'dataId'>,
  problems: ConfigProblem[],
): void {
  const column = options === undefined ? undefined : groups?.column(schema, options);
  if (!column || dataId.strategy !== 'column' || dataId.column.toLowerCase() !== column.name.toLowerCase()) return;
  const message = `all rows of a ${groups!.name} have the same ${quote(column.name)}, and each row needs its own data_id`;
  const fix = 'Remove `data_id`, or name a column with another value in each row.';
  problems.push(problemAt(find(root, ['data_id', 'column'])!.origin, 'data_id.column', message, fix));
}

/** Warns about fields that are valid and have no effect in this run. */
export function warnOfIdleFields(
  root: LocatedMap,
  task: TaskType,
  tables: readonly TableFormat[],
  warnings: string[],
): void {
  for (const name of ['validators', 'sidecars', 'processors']) {
    const list = find(root, ['spec', name]);
    if (list?.kind === 'list' && list.items.length > 0) {
      warnings.push(`spec.${name} is accepted but has no effect on ${task.id} yet.`);
    }
  }
  const own = properties(task.fileOptions);
  const idle = [...(findMap(root, ['spec', 'file_options'])?.entries.keys() ?? [])].filter(
    (key) => !Object.hasOwn(own, key),
  );
  if (idle.length > 0) {
    warnings.push(`spec.file_options: ${listNames(idle)} ${idle.length > 1 ? 'have' : 'has'} no effect on ${task.id}.`);
  }
  const formats = [{ name: 'csv', title: 'CSV' }, { name: 'json', title: 'JSON' }, ...tables];
  const used = formats.find(({ name }) => root.entries.has(name));
  for (const { name, title } of formats) {
    const options = [...(findMap(root, ['spec', `${name}_options`])?.entries.keys() ?? [])];
    // What cells mean, and the encoding, are the same in all formats.
    const others = options.filter(
      (key) => name !== 'csv' || (!VALUE_OPTIONS.includes(key) && (key !== 'encoding' || used?.name !== 'json')),
    );
    if (!used || used.name === name || others.length === 0) continue;
    const named = name === 'csv' ? `spec.csv_options: ${listNames(others)} apply` : `spec.${name}_options apply`;
    warnings.push(`${named} to ${title} only, and the manifest is ${used.title}.`);
  }
}

/** Refuses file options that differ from a known one by what a hand slips on. Others that no task knows are only idle. */
export function refuseMisspelt(root: LocatedMap, task: TaskType, problems: ConfigProblem[]): void {
  const known = Object.keys({ ...FILE_OPTIONS, ...properties(task.fileOptions) });
  for (const [name, node] of findMap(root, ['spec', 'file_options'])?.entries ?? []) {
    if (known.includes(name)) continue;
    const meant = known.find((option) => isSlip(name, option));
    if (meant === undefined) continue;
    const origin = node.keyOrigin ?? node.origin;
    const fix = `Did you mean \`${meant}\`?`;
    problems.push(problemAt(origin, `spec.file_options.${name}`, 'is not a known field', fix));
  }
}

/** Whether two names differ in case, separators, one letter, or two neighbouring letters that are swapped. */
function isSlip(name: string, option: string): boolean {
  const [a, b] = [name, option].map((text) => text.toLowerCase().replace(/[^a-z0-9]/g, '')) as [string, string];
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return Math.max(left.length, right.length) <= 1 || (left.length === 2 && left === `${right[1]}${right[0]}`);
}

/**
 * Returns the task's options. An option that the task refuses is a problem of the field that its `OptionError` names, at
 * the place of the value, or of the category when the file does not have that field.
 */
export function readOptions(root: LocatedMap, task: TaskType, problems: ConfigProblem[]): unknown {
  const raw = {
    fields: pick(root, task.fields),
    fileOptions: pick(findMap(root, ['spec', 'file_options']), task.fileOptions),
  };
  try {
    return resolveOptions(task, raw);
  } catch (error) {
    if (!isOptionError(error)) throw error;
    const { field, message, fix } = error;
    const node = find(root, field.split('.')) ?? root.entries.get('category') ?? root;
    problems.push(problemAt(node.origin, field, message, fix));
    return undefined;
  }
}

function pick(map: LocatedMap | undefined, schema: TaskType['fields']): JsonObject {
  const entries = Object.keys(properties(schema)).flatMap((name) => {
    const node = map?.entries.get(name);
    return node ? [[name, toJson(node)] as const] : [];
  });
  return Object.fromEntries(entries);
}
