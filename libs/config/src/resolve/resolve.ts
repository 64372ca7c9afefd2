import { folderOf, listNames, nearest } from '@tracebloc/ingestor-core';
import type { Intent, TableFormat, TaskType } from '@tracebloc/ingestor-contract';
import { checkDocument } from '../schema/check.js';
import { readColumns } from '../dataset/columns.js';
import { acceptBooleanWords, readCsvOptions, readJsonOptions, readTableOptions } from '../dataset/csv-options.js';
import { readDocument, type ConfigDocument } from '../yaml/document.js';
import { readEnvironment, type Need } from '../environment/environment.js';
import { ConfigError, problemAt, sortProblems, UnknownTaskError } from '../errors.js';
import { HOW_TO_GIVE } from './flags.js';
import { freeze } from './freeze.js';
import { findMap, findText, type LocatedMap, type Origin } from '../yaml/located.js';
import { overlay } from './overlay.js';
import {
  checkLabelColumn,
  freedNames,
  readFilename,
  storedNamesOf,
  withLabelColumn,
  withOwnColumns,
  withStoredNames,
  withStoredTypes,
} from '../dataset/named-columns.js';
import { isLayout, locateLayout } from '../dataset/layout.js';
import {
  readDataId,
  readLabel,
  readOptions,
  refuseMisspelt,
  refuseSharedId,
  warnOfIdleFields,
} from '../dataset/rules.js';
import { openSchema, taskSchema } from '../schema/compose.js';
import { Settings } from '../environment/settings.js';
import { checkManifest, findManifest, readOtherManifests, readSidecars } from '../dataset/source.js';
import { checkTableName } from '../dataset/table-name.js';
import type { ConfigProblem, EnvironmentConfig, Resolution, ResolveInput, RunConfig } from '../types.js';
import { describeDataset } from './values.js';
import { quote } from '../wording.js';

const NEEDS: Readonly<Record<ResolveInput['purpose'], readonly Need[]>> = {
  ingest: ['database', 'backend', 'shard'],
  validate: [],
  show: [],
};

type DatasetConfig = Omit<RunConfig, keyof EnvironmentConfig>;

/** The owner of the compiled open schema; see `checkDocument`. */
const OPEN = {};

/** The owners of compiled schemas that have table formats, by the names of the formats. */
const withTables = new WeakMap<object, Map<string, object>>();

/** Returns the owner of the compiled schema of a task, or of none, with these table formats. */
function schemaOwner(task: object, tables: readonly TableFormat[]): object {
  if (tables.length === 0) return task;
  const owners = withTables.get(task) ?? new Map<string, object>();
  withTables.set(task, owners);
  const key = tables.map(({ name }) => name).join();
  const owner = owners.get(key) ?? {};
  owners.set(key, owner);
  return owner;
}

/**
 * Resolves flags, environment variables, the file and the task's defaults to one immutable configuration; in this order
 * each wins over the next. Throws a `ConfigError` with all problems, or an `UnknownTaskError` if the task is not installed.
 */
export async function resolveConfig(input: ResolveInput): Promise<Resolution> {
  const problems: ConfigProblem[] = [];
  const settings = new Settings(input.env, input.flags, input.cwd, problems, isOnlyShown(input));
  const environment = readEnvironment(settings, NEEDS[input.purpose]);
  const warnings = [...environment.config.warnings];
  const document = await readDocument(input, problems);
  const dataset = document && (await readDataset(document, input, problems, warnings));
  if (!dataset) {
    const unknown = document && unknownTask(document.root, input.tasks);
    throw unknown === undefined
      ? new ConfigError(sortProblems(problems))
      : new UnknownTaskError(unknown, sortProblems(problems));
  }
  const config: RunConfig = { ...environment.config, ...dataset.config, warnings };
  // The task and the table format belong to their plugins and are not frozen.
  const foreign: unknown[] = [config.task, config.source.table];
  return freeze({ config, values: [...dataset.values, ...environment.values] }, new Set(foreign));
}

/** Whether paths may be missing. What is prepared for another machine needs its files of this one, such as certificates. */
function isOnlyShown({ purpose, elsewhere }: ResolveInput): boolean {
  return purpose === 'show' && elsewhere === undefined;
}

/** Returns `undefined` if there are any problems, including earlier ones. */
async function readDataset(
  document: ConfigDocument,
  input: ResolveInput,
  problems: ConfigProblem[],
  warnings: string[],
): Promise<{ config: DatasetConfig; values: Resolution['values'] } | undefined> {
  const { root, kind } = document;
  const sourceRoot = await overlay(document, input, problems);
  const task = findTask(root, input.tasks, problems);
  acceptBooleanWords(root, task);
  const { tables = [] } = input;
  const makeSchema = () => (task ? taskSchema(task, tables) : openSchema(tables));
  const formProblems = checkDocument(root, schemaOwner(task ?? OPEN, tables), makeSchema, {
    task,
    tasks: input.tasks,
    howToGive: (field) => (kind === 'none' ? (HOW_TO_GIVE[field] ?? 'Give it in an ingest.yaml.') : undefined),
  });
  problems.push(...formProblems);
  if (task) refuseMisspelt(root, task, problems);

  const table = findText(root, ['table']);
  const badName = table === undefined ? undefined : checkTableName(table);
  if (badName) problems.push(problemAt(root.entries.get('table')!.origin, 'table', badName.message, badName.fix));

  const label = readLabel(root, task, problems);
  // A task may rely on its schemas, so it receives only options that fulfil them.
  const options = task && formProblems.length === 0 ? readOptions(root, task, problems) : undefined;
  const stored = storedNamesOf(task, options);
  const freed = freedNames(task, options, stored);
  const columns = withOwnColumns(readColumns(findMap(root, ['schema']), label?.column, problems, freed), task);
  const fix =
    kind === 'none' ? HOW_TO_GIVE.csv! : 'Add `csv: data.csv` or `json: data.jsonl`, the path of the manifest.';
  const manifest = findManifest(root, task, tables, { origin: root.origin, fix }, problems);
  const absent = isOnlyShown(input) ? new Set<string>() : undefined;
  const here = input.elsewhere === undefined;
  if (manifest && here) await checkManifest(manifest, problems, absent);
  const csv = readCsvOptions(root, manifest?.path, problems);
  const json = manifest?.format === 'json' ? readJsonOptions(root) : undefined;
  const tableOptions = manifest?.table && readTableOptions(root, manifest.table);
  if (!task) return undefined;

  const source: Origin = sourceRoot ?? {
    ...(manifest?.origin ?? root.origin),
    folder: manifest ? folderOf(manifest.path) : input.cwd,
  };
  const isLaidOut = manifest && isLayout(manifest);
  const given = isLaidOut ? ('configured' as const) : undefined;
  const sidecars = manifest ? await readSidecars(root, task, source, { here, absent, given }, problems) : {};
  const others = await readOtherManifests(root, task, here, warnings);
  const dataId = readDataId(root, warnings);
  refuseSharedId(root, task, { schema: columns.schema, options, dataId }, problems);
  warnOfIdleFields(root, task, tables, warnings);
  if (task.schema === 'required' && columns.schema.length > 0 && columns.columns.length === 0) {
    warnings.push('The schema has no feature: the table will contain only the label and the fixed columns.');
  }
  const labelled = withLabelColumn(columns, task, label?.column);
  checkLabelColumn(labelled, root, problems);
  const typed = options === undefined ? labelled : withStoredTypes(labelled, task, options);
  const storedColumns = withStoredNames(typed, stored, root, problems);
  const filename = readFilename(root, task);
  if (problems.length > 0) return undefined;
  const wanted = { options: tableOptions!, sidecars, here: here && !absent?.has(manifest!.format) };
  const layout = isLaidOut && (await locateLayout(manifest, task, wanted, problems));
  if (problems.length > 0) return undefined;

  const config: DatasetConfig = {
    task,
    options,
    table: table!,
    intent: findText(root, ['intent']) as Intent,
    source: {
      format: manifest!.format,
      ...(manifest!.table && { table: manifest!.table, tableOptions }),
      path: manifest!.path,
      ...(manifest!.parts && { parts: manifest!.parts }),
      csv,
      ...(json && { json }),
      ...(layout && { layout, parts: layout.places.files }),
      sidecars: layout ? layout.places.folders : sidecars,
    },
    label,
    dataId,
    ...(filename !== undefined && { filename }),
    ...storedColumns,
  };
  if (others.length > 0) config.source.otherManifests = others;
  return { config, values: describeDataset(root, config, source, absent) };
}

function findTask(root: LocatedMap, tasks: readonly TaskType[], problems: ConfigProblem[]): TaskType | undefined {
  const id = findText(root, ['category']);
  const task = tasks.find((known) => known.id === id);
  if (task || id === undefined) return task;
  const ids = tasks.map((known) => known.id);
  const near = [...new Set([nearest(id, ids), ...ids.filter((known) => id !== '' && known.includes(id))])];
  const meant = near.filter((known) => known !== undefined).slice(0, 3);
  const installed = ids.length > 0 ? `installed are ${listNames(ids, 30)}` : 'no task is installed';
  const fix =
    meant.length > 0
      ? `Did you mean ${meant.join(' or ')}?`
      : 'Choose an installed task, or install the plugin that has it: ingestor plugins install <name, package or tarball>.';
  problems.push(
    problemAt(root.entries.get('category')!.origin, 'category', `unknown task ${quote(id)}; ${installed}`, fix),
  );
  return undefined;
}

function unknownTask(root: LocatedMap, tasks: readonly TaskType[]): string | undefined {
  const id = findText(root, ['category']);
  return tasks.some((task) => task.id === id) ? undefined : id;
}
