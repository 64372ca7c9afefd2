import { extname, resolve } from 'node:path';
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
  { flags, env, cwd }: ResolveInput,
  problems: ConfigProblem[],
): Promise<Origin | undefined> {
  const sourceRoot = kind === 'none' && env.SRC_PATH ? resolve(cwd, env.SRC_PATH) : undefined;
  if (kind === 'none') overlayEnvironment(root, env, sourceRoot ?? cwd, problems);

  for (const [flag, field] of PLAIN) {
    const text = flags[flag];
    if (text !== undefined) root.entries.set(field, locatedText(text, { source: flagName(flag), folder: cwd }));
  }
  if (flags.labelFile !== undefined) {
    setManifest(root, flags.labelFile, { source: flagName('labelFile'), folder: cwd }, problems);
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
  env: ResolveInput['env'],
  folder: string,
  problems: ConfigProblem[],
): void {
  if (env.TABLE_NAME) root.entries.set('table', locatedText(env.TABLE_NAME, { source: 'TABLE_NAME', folder }));
  if (env.LABEL_FILE) setManifest(root, env.LABEL_FILE, { source: 'LABEL_FILE', folder }, problems);
}

/** Replaces the manifest. Its extension says whether it is CSV or JSON. */
function setManifest(root: LocatedMap, path: string, origin: Origin, problems: ConfigProblem[]): void {
  const extension = extname(path).toLowerCase();
  root.entries.delete('csv');
  root.entries.delete('json');
  root.entries.set(JSON_EXTENSIONS.includes(extension) ? 'json' : 'csv', locatedText(path, origin));
  if (![...JSON_EXTENSIONS, ...CSV_EXTENSIONS].includes(extension)) {
    const message = `${quote(path)} has no extension of a CSV or JSON file`;
    const fix = `Use a file with the extension ${[...CSV_EXTENSIONS, ...JSON_EXTENSIONS].join(', ').replace(/, (?=[^,]*$)/, ' or ')}, or name it in an ingest.yaml.`;
    problems.push(problemAt(origin, 'csv', message, fix));
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
