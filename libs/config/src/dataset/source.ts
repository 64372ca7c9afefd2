import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { filesOfPattern, isPattern, listNames, checkInput, nearest, UnusableInput } from '@tracebloc/ingestor-core';
import type { TableFormat, TaskType } from '@tracebloc/ingestor-contract';
import { problemAt } from '../errors.js';
import type { LocatedMap, LocatedScalar, Origin } from '../yaml/located.js';
import type { ConfigProblem } from '../types.js';
import { quote } from '../wording.js';

export interface Manifest {
  format: string;
  table?: TableFormat;
  path: string;
  /** The path as it is written, which begins in the folder of its origin if it is relative. */
  written: string;
  /** The files of a pattern, once `checkManifest` has found them. */
  parts?: readonly string[];
  origin: Origin;
}

/** Returns the configured manifest without checking that the file exists. None or two are a problem. */
export function findManifest(
  root: LocatedMap,
  task: TaskType | undefined,
  tables: readonly TableFormat[],
  missing: { origin: Origin; fix: string },
  problems: ConfigProblem[],
): Manifest | undefined {
  const names = ['csv', 'json', ...tables.map(({ name }) => name)];
  const given = names.flatMap((name) => {
    const node = scalarAt(root, name);
    return node ? [{ name, node }] : [];
  });
  if (given.length > 1) {
    const [{ name: first }, { name, node }] = given as [(typeof given)[0], (typeof given)[0]];
    const message = `${first} and ${name} are both given`;
    problems.push(problemAt(node.keyOrigin ?? node.origin, name, message, 'Keep one: a dataset has one manifest.'));
    return undefined;
  }
  const [found] = given;
  if (!found) {
    const alone = task?.layout.withoutManifest;
    const node = alone && scalarAt(root, alone.name);
    if (alone && node) return manifestAt(node, alone.name, alone);
    // A value of a wrong type was already reported and removed.
    const message = 'the manifest is missing: set csv or json';
    if (!problems.some(({ field }) => field !== undefined && names.includes(field))) {
      problems.push(problemAt(missing.origin, 'csv', message, missing.fix));
    }
    return undefined;
  }
  const { name: format, node } = found;
  const table = tables.find(({ name }) => name === format);
  const form = task?.layout.form;
  if (task && table?.kind === 'layout' && (!form || !table.forms.includes(form))) {
    const others = tables.filter((one) => one.kind === 'layout' && form && one.forms.includes(form));
    const names = [...task.layout.manifest, ...others.map(({ name }) => name)];
    const message = `${task.id} cannot read the layout ${table.title}`;
    problems.push(problemAt(node.keyOrigin ?? node.origin, format, message, `Use one of ${listNames(names)}.`));
    return undefined;
  }
  // A task that takes CSV takes any table.
  if (task && table?.kind !== 'layout' && !task.layout.manifest.some((name) => name === (table ? 'csv' : format))) {
    const fix = `Use a manifest of the format ${listNames(task.layout.manifest)}.`;
    problems.push(
      problemAt(node.keyOrigin ?? node.origin, format, `${task.id} does not take a ${format} manifest`, fix),
    );
    return undefined;
  }
  return manifestAt(node, format, table);
}

function manifestAt({ origin, text }: LocatedScalar, format: string, table: TableFormat | undefined): Manifest {
  return { format, table, path: resolve(origin.folder, text), written: text, origin };
}

/**
 * Checks that the manifest can be read, and finds the files of a pattern. With `absent`, its field is added there if it is
 * missing, instead of a problem.
 */
export async function checkManifest(
  manifest: Manifest,
  problems: ConfigProblem[],
  absent?: Set<string>,
): Promise<void> {
  const { format, path, origin, table } = manifest;
  const kind = table?.kind === 'layout' ? table.names : 'file';
  const why = await unreadable(path, kind);
  if (!why) return;
  // A file may have such a name too.
  if (why === MISSING && table?.kind !== 'layout' && isPattern(path)) {
    if (await findParts(manifest, problems)) return;
    if (!absent) {
      const fix = 'Correct the pattern: * matches any characters of a name, and ** any folders.';
      problems.push(problemAt(origin, format, `no file matches ${quote(path)}`, fix));
      return;
    }
  }
  if (absent && why === MISSING) {
    absent.add(format);
    return;
  }
  const near = why === MISSING ? nearest(basename(path), await namesIn(dirname(path))) : undefined;
  const fix = near
    ? `Did you mean ${quote(join(dirname(path), near))}?`
    : `Use the path of a ${kind === 'file' ? 'manifest' : 'folder'} that this user can read.`;
  problems.push(problemAt(origin, format, `the ${kind} ${quote(path)} ${why}`, fix));
}

/** Returns whether a pattern names any file. One that cannot be read is a problem. */
async function findParts(manifest: Manifest, problems: ConfigProblem[]): Promise<boolean> {
  const { format, origin, written } = manifest;
  const parts = filesOfPattern(written, origin.folder);
  for (const part of parts) {
    const why = await unreadable(part, 'file');
    const fix = 'Use files that this user can read.';
    if (why) problems.push(problemAt(origin, format, `the file ${quote(part)} ${why}`, fix));
  }
  if (parts.length > 0) manifest.parts = parts;
  return parts.length > 0;
}

/**
 * Returns the sidecar folders that exist: a folder is configured, or it has the name of its field and is below the root of
 * the source. A missing folder is a problem if it is configured or the task requires it. If the source is not `here`, the
 * function does not check that the folders exist. With `absent`, the field of a missing one is
 * added there, instead of a problem. With `given: 'configured'` only folders that are configured count.
 */
export async function readSidecars(
  root: LocatedMap,
  task: TaskType,
  source: Origin,
  { here, absent, given }: { here: boolean; absent?: Set<string>; given?: 'configured' },
  problems: ConfigProblem[],
): Promise<Record<string, string>> {
  const folders: Record<string, string> = {};
  for (const { field, required, replacedBy } of task.layout.sidecars) {
    const node = scalarAt(root, field);
    if (replacedBy !== undefined && root.entries.has(replacedBy)) {
      if (node) problems.push(bothGiven(node, field, replacedBy));
      continue;
    }
    if (!node && given === 'configured') continue;
    const path = node ? resolve(node.origin.folder, node.text) : join(source.folder, field);
    const why = here ? await unreadable(path, 'folder') : undefined;
    if (!why) folders[field] = path;
    else if (absent && why === MISSING && (node || required)) {
      folders[field] = path;
      absent.add(field);
    } else if (node || required) {
      const twin = why === MISSING ? await twinByCase(path) : undefined;
      const fix = twin
        ? `Write \`${field}: ${node ? join(dirname(node.text), twin) : twin}\`.`
        : node
          ? 'Use the path of a folder that this user can read.'
          : `Create it, or configure another one with \`${field}\`.`;
      const message = `the folder ${quote(path)} ${why}${twin ? `; ${quote(twin)} does, and differs in case` : ''}`;
      problems.push(problemAt(node?.origin ?? source, field, message, fix));
    }
  }
  return folders;
}

function bothGiven({ keyOrigin, origin }: LocatedScalar, field: string, other: string): ConfigProblem {
  const fix = `Remove \`${field}\`, or remove \`${other}\` if each text is a file.`;
  return problemAt(keyOrigin ?? origin, field, `${field} and ${other} are both given`, fix);
}

/**
 * Returns the paths of the other manifests that name files of the same folders. One that cannot be read is a warning: its
 * files then count as unnamed.
 */
export async function readOtherManifests(
  root: LocatedMap,
  task: TaskType,
  here: boolean,
  warnings: string[],
): Promise<string[]> {
  const list = root.entries.get('other_manifests');
  if (list?.kind !== 'list') return [];
  if (task.layout.sidecars.length === 0) {
    warnings.push(`other_manifests has no effect on ${task.id}, which has no files.`);
    return [];
  }
  const paths = list.items.flatMap((node) => (node.kind === 'scalar' ? resolve(node.origin.folder, node.text) : []));
  for (const path of here ? paths : []) {
    const why = await unreadable(path, 'file');
    if (why) warnings.push(`other_manifests: ${quote(path)} ${why}, so files that only it names count as unnamed.`);
  }
  return paths;
}

function scalarAt(root: LocatedMap, field: string): LocatedScalar | undefined {
  const node = root.entries.get(field);
  return node?.kind === 'scalar' ? node : undefined;
}

const MISSING = 'does not exist';

/** Returns why a path cannot be read, or `undefined` if it can. */
async function unreadable(path: string, kind: 'file' | 'folder'): Promise<string | undefined> {
  try {
    checkInput(path, kind);
    await access(path, kind === 'file' ? constants.R_OK : constants.R_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (error instanceof UnusableInput) return error.message;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return code === 'ENOENT' || code === 'ENOTDIR' ? MISSING : `cannot be read (${code})`;
  }
}

/** Returns the name of the only folder beside a missing one that differs from it only in case. */
async function twinByCase(path: string): Promise<string | undefined> {
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => []);
  const wanted = basename(path).toLowerCase();
  const twins = entries.filter((entry) => entry.isDirectory() && entry.name.toLowerCase() === wanted);
  return twins.length === 1 ? twins[0]!.name : undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
