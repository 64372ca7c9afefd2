import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTRACT_VERSION, TASKS_HOOK } from '@tracebloc/ingestor-contract';
import type { FormatPlugin, TaskType } from '@tracebloc/ingestor-contract';
import { READER_FINDINGS } from '@tracebloc/ingestor-dataset';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const SNAKE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const EXTENSION = /^\.[a-z0-9]+$/;
const PACKAGE = /^(@[^/]+\/)?ingestor-plugin-/;

/** The valid values of a task's properties. */
const WORDS = {
  dataFormat: ['tabular', 'image', 'text'],
  schema: ['required', 'optional'],
  missing: ['tokens', 'empty'],
} as const satisfies Partial<Record<keyof TaskType, readonly string[]>>;

/** Checks the plugin as the host does before it reads any data. */
export function* checkPlugin({ contract, format, tasks }: FormatPlugin): Generator<string, void> {
  if (contract !== CONTRACT_VERSION) {
    yield `contract is ${String(contract)}, but this kit tests contract ${CONTRACT_VERSION}: use the kit of the plugin's contract, or update the plugin.`;
  }
  if (!KEBAB.test(format)) yield `The format's name "${format}" is not in kebab-case: write it like "time-series".`;
  if (!Array.isArray(tasks) || tasks.length === 0) {
    yield 'The plugin has no tasks: list at least one in `tasks`.';
    return;
  }
  const ids = tasks.map((task: TaskType) => task.id);
  for (const id of ids.filter((one, index) => ids.indexOf(one) < index)) {
    yield `Two tasks have the id ${id}: use a different id for each.`;
  }
}

/** Checks how a task describes itself. */
export function* checkTask(task: TaskType): Generator<string, void> {
  if (!SNAKE.test(task.id)) yield `The id "${task.id}" is not in snake_case: write it like "tabular_classification".`;
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
  if (!['required', 'optional', 'forbidden'].includes(task.label.use)) {
    yield 'label.use is neither required, optional nor forbidden.';
  }
  yield* checkLayout(task);
}

function* checkLayout({ layout }: TaskType): Generator<string, void> {
  const { manifest, sidecars, description } = layout;
  if (manifest.length === 0 || manifest.some((kind) => !['csv', 'json'].includes(kind))) {
    yield 'layout.manifest must name csv, json or both.';
  }
  if (!isText(description)) yield 'layout.description is empty: say what a row of the manifest holds.';
  for (const { field, extensions, description: purpose } of sidecars) {
    if (!SNAKE.test(field)) yield `The folder's field "${field}" is not in snake_case: write it like "image_masks".`;
    if (!isText(purpose)) yield `The folder ${field} has no description: say what its files are.`;
    const odd = extensions.filter((extension) => !EXTENSION.test(extension));
    if (odd.length > 0) yield `The folder ${field} has extensions that are not like ".jpg": ${odd.join(', ')}.`;
  }
}

/** Checks a task's catalogue of findings. */
export function* checkFindings(task: TaskType): Generator<string, void> {
  const shared = new Map(READER_FINDINGS.map((finding) => [finding.code, finding]));
  const own = new Set<string>();
  for (const { code, severity, meaning, fix } of task.findings) {
    if (!KEBAB.test(code)) yield `The code "${code}" is not in kebab-case: write it like "missing-column".`;
    if (own.has(code)) yield `${code} is twice in the catalogue: keep one.`;
    if (!['error', 'warning'].includes(severity)) yield `${code} has the severity "${severity}": use error or warning.`;
    if (!isText(meaning)) yield `${code} has no meaning: say in a sentence when it is reported.`;
    if (!isText(fix)) yield `${code} has no fix: say what the user should do.`;
    if (shared.has(code))
      yield `${code} is a code of the reader, which every task has: remove it, or use another code.`;
    own.add(code);
  }
}

/** Checks that the host can find the package. */
export async function* checkPackage(folder: string): AsyncGenerator<string, void> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    yield `There is no package.json in ${folder}: set \`folder\` to the folder of the package.`;
    return;
  }
  const { name = '', oclif } = JSON.parse(text) as { name?: string; oclif?: { hooks?: Record<string, unknown> } };
  if (!PACKAGE.test(name)) {
    yield `The package is called "${name}": the host looks for ingestor-plugin-<format>, with or without a scope.`;
  }
  if (oclif?.hooks?.[TASKS_HOOK] === undefined) {
    yield `package.json names no hook: add "oclif": {"hooks": {"${TASKS_HOOK}": "./dist/index.js"}}.`;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
