import { resolve } from 'node:path';
import { tableExtension } from '@tracebloc/ingestor-core';
import type { TableFormat } from '@tracebloc/ingestor-contract';
import { asMap, readMap, type ConfigDocument } from '../yaml/document.js';
import { problemAt } from '../errors.js';
import { flagName } from './flags.js';
import { find, locatedMap, locatedText, type Located, type LocatedMap, type Origin } from '../yaml/located.js';
import type { ConfigFlags, ConfigProblem, ResolveInput, ValueFlag } from '../types.js';
import { quote } from '../wording.js';
import { parseYaml } from '../yaml/parse.js';

const JSON_EXTENSIONS = ['.json', '.jsonl', '.ndjson'];
const CSV_EXTENSIONS = ['.csv', '.tsv', '.txt'];

/** The flags whose text is the value of a field. */
const PLAIN: readonly (readonly [flag: ValueFlag, field: string])[] = [
  ['task', 'category'],
  ['table', 'table'],
  ['intent', 'intent'],
  ['timeColumn', 'time_column'],
];

/**
 * Adds the values of flags and environment variables, with their origins, to the document. Environment variables configure
 * the dataset only if there is no file. Returns the root of the raw data if the environment sets it.
 */
export async function overlay(
  { root, kind }: ConfigDocument,
  { flags, env, cwd, tables }: ResolveInput,
  problems: ConfigProblem[],
): Promise<Origin | undefined> {
  const sourceRoot = kind === 'none' && env.SRC_PATH ? resolve(cwd, env.SRC_PATH) : undefined;
  if (kind === 'none') overlayEnvironment(root, { env, tables }, sourceRoot ?? cwd, problems);

  for (const [flag, field] of PLAIN) {
    const text = flags[flag];
    if (text !== undefined) root.entries.set(field, locatedText(text, { source: flagName(flag), folder: cwd }));
  }
  if (flags.labelFile !== undefined) {
    setManifest(root, { path: flags.labelFile, tables }, { source: flagName('labelFile'), folder: cwd }, problems);
  }
  overlayLabel(root, flags, cwd);
  if (flags.schema !== undefined) {
    root.entries.delete('schema');
    const schema = await readSchemaFlag(flags.schema, cwd, problems);
    if (schema) root.entries.set('schema', schema);
  }
  return sourceRoot === undefined ? undefined : { source: 'SRC_PATH', folder: sourceRoot };
}

function overlayEnvironment(
  root: LocatedMap,
  { env, tables }: Pick<ResolveInput, 'env' | 'tables'>,
  folder: string,
  problems: ConfigProblem[],
): void {
  if (env.TABLE_NAME) root.entries.set('table', locatedText(env.TABLE_NAME, { source: 'TABLE_NAME', folder }));
  if (env.LABEL_FILE) setManifest(root, { path: env.LABEL_FILE, tables }, { source: 'LABEL_FILE', folder }, problems);
}

/** Replaces the manifest. Its extension says which format it has; `.gz` after it does not count. */
function setManifest(
  root: LocatedMap,
  { path, tables = [] }: { path: string; tables?: readonly TableFormat[] },
  origin: Origin,
  problems: ConfigProblem[],
): void {
  const extension = tableExtension(path);
  const formats = [
    { name: 'csv', extensions: CSV_EXTENSIONS },
    { name: 'json', extensions: JSON_EXTENSIONS },
    ...tables.map(({ name, extensions }) => ({ name, extensions })),
  ];
  for (const { name } of formats) root.entries.delete(name);
  const format = formats.find(({ extensions }) => extensions.includes(extension));
  root.entries.set(format?.name ?? 'csv', locatedText(path, origin));
  if (!format) {
    const message = `${quote(path)} has no extension of a ${formats.length > 2 ? 'known' : 'CSV or JSON'} file`;
    const known = formats.flatMap(({ extensions }) => extensions).join(', ');
    const fix = `Use a file with the extension ${known.replace(/, (?=[^,]*$)/, ' or ')}, or name it in an ingest.yaml.`;
    // The name of a format that is not installed is the extension.
    problems.push(problemAt(origin, extension === '' ? 'csv' : extension.slice(1), message, fix));
  }
}

/** Applies the flags of the label. One replaces its column, the other its policy. */
function overlayLabel(root: LocatedMap, { label, labelPolicy }: ConfigFlags, cwd: string): void {
  if (label === undefined && labelPolicy === undefined) return;
  const written = root.entries.get('label');
  const half = (text: string | undefined, flag: 'label' | 'labelPolicy', other: Located | undefined) =>
    text === undefined ? other : locatedText(text, { source: flagName(flag), folder: cwd });
  const column = half(label, 'label', written?.kind === 'scalar' ? written : find(written, ['column']));
  const policy = half(labelPolicy, 'labelPolicy', find(written, ['policy']));
  const entries = Object.entries({ column, policy }).flatMap(([key, node]) => (node ? [[key, node] as const] : []));
  const origin = written?.origin ?? (column ?? policy)!.origin;
  root.entries.set('label', { ...locatedMap(entries, origin), keyOrigin: written?.keyOrigin });
}

/** Reads `{age: INT}`, with or without braces, or `@file.yaml`. */
async function readSchemaFlag(text: string, cwd: string, problems: ConfigProblem[]): Promise<LocatedMap | undefined> {
  const origin: Origin = { source: flagName('schema'), folder: cwd };
  if (text.startsWith('@')) return readMap(text.slice(1), origin, problems);
  const flow = text.trim().startsWith('{') ? text : `{${text}}`;
  // Inside braces a comma ends a value, so a type with two numbers is put in quotes.
  const quoted = flow.replace(/(?<=:\s*)[A-Za-z]+\s*\(\s*\d+\s*,\s*\d+\s*\)[^,}]*/g, (type) => `"${type.trim()}"`);
  const parsed = parseYaml(quoted, origin.source, cwd);
  const found: ConfigProblem[] = [];
  const schema = asMap(parsed, origin, found);
  // The positions in this text are not those in the user's argument.
  problems.push(...found.map(({ line: _line, column: _column, ...problem }) => ({ ...problem, field: 'schema' })));
  return schema && withoutPositions(schema, origin);
}

function withoutPositions(map: LocatedMap, origin: Origin): LocatedMap {
  const entries = [...map.entries].map(([key, node]) => [key, { ...node, origin, keyOrigin: origin }] as const);
  return locatedMap(entries, origin);
}
