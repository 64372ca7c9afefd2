import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTRACT_VERSION, TASKS_HOOK } from '@tracebloc/ingestor-contract';
import type { FormatPlugin, TaskType } from '@tracebloc/ingestor-contract';
import { READER_FINDINGS } from '@tracebloc/ingestor-dataset';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const SNAKE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const EXTENSION = /^\.[a-z0-9]+$/;
const PACKAGE = /^(@[^/]+\/)?ingestor-plugin-/;

/** What the members that hold one of a few words may be. */
const WORDS = {
  dataFormat: ['tabular', 'image', 'text'],
  schema: ['required', 'optional'],
  missing: ['tokens', 'empty'],
} as const satisfies Partial<Record<keyof TaskType, readonly string[]>>;

/** The plugin as the host takes it, before any data is read. */
export function* checkPlugin({ contract, format, tasks }: FormatPlugin): Generator<string, void> {
  if (contract !== CONTRACT_VERSION) {
    yield `contract is ${String(contract)}, but this kit tests contract ${CONTRACT_VERSION}: take the kit of the version that the plugin was built against, or update the plugin.`;
  }
  if (!KEBAB.test(format)) yield `The format's name "${format}" is not in kebab-case: write it as in "time-series".`;
  if (!Array.isArray(tasks) || tasks.length === 0) {
    yield 'The plugin has no tasks: list at least one in `tasks`.';
    return;
  }
  const ids = tasks.map((task: TaskType) => task.id);
  for (const id of ids.filter((one, index) => ids.indexOf(one) < index)) {
    yield `Two tasks have the id ${id}: give each its own.`;
  }
}

/** A task's description of itself. */
export function* checkTask(task: TaskType): Generator<string, void> {
  if (!SNAKE.test(task.id)) yield `The id "${task.id}" is not in snake_case: write it as in "tabular_classification".`;
  for (const name of ['title', 'summary'] as const) {
    if (!isText(task[name])) yield `${name} is empty: say in a few words what the task is.`;
  }
  for (const [name, words] of Object.entries(WORDS)) {
    const value = task[name as keyof typeof WORDS];
    if (!(words as readonly string[]).includes(value)) yield `${name} is "${value}": use one of ${words.join(', ')}.`;
  }
  for (const name of ['records', 'metadata'] as const) {
    if (typeof task[name] !== 'function') yield `${name} is not a function: the contract's TaskType needs one.`;
  }
  if (!['required', 'forbidden'].includes(task.label.use)) yield 'label.use is neither required nor forbidden.';
  yield* checkLayout(task);
}

function* checkLayout({ layout }: TaskType): Generator<string, void> {
  const { manifest, sidecars, description } = layout;
  if (manifest.length === 0 || manifest.some((kind) => !['csv', 'json'].includes(kind))) {
    yield 'layout.manifest must name csv, json or both.';
  }
  if (!isText(description)) yield 'layout.description is empty: say what a row of the manifest holds.';
  for (const { field, extensions, description: purpose } of sidecars) {
    if (!SNAKE.test(field)) yield `The folder's field "${field}" is not in snake_case, as fields of ingest.yaml are.`;
    if (!isText(purpose)) yield `The folder ${field} has no description: say what its files are.`;
    const odd = extensions.filter((extension) => !EXTENSION.test(extension));
    if (odd.length > 0) yield `The folder ${field} has extensions that are not like ".jpg": ${odd.join(', ')}.`;
  }
}

/** A task's catalogue of findings. */
export function* checkFindings(task: TaskType): Generator<string, void> {
  const shared = new Map(READER_FINDINGS.map((finding) => [finding.code, finding]));
  const own = new Set<string>();
  for (const { code, severity, meaning, fix } of task.findings) {
    if (!KEBAB.test(code)) yield `The code "${code}" is not in kebab-case: write it as in "missing-column".`;
    if (own.has(code)) yield `${code} stands twice in the catalogue: keep one.`;
    if (!['error', 'warning'].includes(severity)) yield `${code} has the severity "${severity}": use error or warning.`;
    if (!isText(meaning)) yield `${code} has no meaning: say in a sentence when it is reported.`;
    if (!isText(fix)) yield `${code} has no fix: say what the user should do.`;
    if (shared.has(code)) yield `${code} is a code of the reader, which every task has: leave it out, or take another.`;
    own.add(code);
  }
}

/** That the host finds the package, and that it brings what the checks need. */
export async function* checkPackage(folder: string): AsyncGenerator<string, void> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    yield `There is no package.json in ${folder}: give the package's folder as \`folder\`.`;
    return;
  }
  const { name = '', oclif } = JSON.parse(text) as { name?: string; oclif?: { hooks?: Record<string, unknown> } };
  if (!PACKAGE.test(name)) {
    yield `The package is called "${name}": the host looks for ingestor-plugin-<format>, with a scope or without.`;
  }
  if (oclif?.hooks?.[TASKS_HOOK] === undefined) {
    yield `package.json names no hook: add "oclif": {"hooks": {"${TASKS_HOOK}": "./dist/index.js"}}.`;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
