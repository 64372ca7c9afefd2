import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ConfigFlags, RunConfig } from '@tracebloc/ingestor-config';
import { fileVariable, SECRET_VARIABLES, type IngestorError } from '@tracebloc/ingestor-core';
import { environment } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';

/** What an output must never replace. Paths may not exist. */
export interface Inputs {
  files: readonly (string | undefined)[];
  /** They include everything below them. */
  folders: readonly string[];
}

/** Throws if the output is one of the inputs or lies in their folders, by any name or link. */
export async function refuseInput(output: string, inputs: Inputs, fix: string): Promise<void> {
  const target = await place(output);
  const there = await stat(target).catch(() => undefined);
  // A terminal or a pipe may be input and output: nothing is lost.
  if (there && !there.isFile()) return;
  const isSame = async (path: string) => target === (await place(path)) || (there && same(there, await seen(path)));
  for (const file of inputs.files) {
    if (file !== undefined && (await isSame(file)))
      throw outputIsInput(`${output} is an input, and would be overwritten.`, fix);
  }
  const above = await Promise.all(ancestors(target).map(seen));
  for (const path of inputs.folders) {
    const folder = await seen(path);
    if (folder && above.some((one) => same(folder, one))) {
      throw outputIsInput(`${output} would be written into ${path}, whose files are inputs.`, fix);
    }
  }
}

/** Returns what a run with these configurations reads, and the files that it manages itself. */
export function inputsOf(flags: readonly ConfigFlags[], configs: readonly RunConfig[], env = environment()): Inputs {
  const sides = flags.map((flag) => flag.schema?.startsWith('@') && flag.schema.slice(1)).filter((path) => !!path);
  return {
    files: [
      ...flags.flatMap(({ config, ca }) => [config, ca]),
      ...sides.map(String),
      ...configs.flatMap(({ source, database }) => [
        ...(source.parts ?? [source.path]),
        ...(database.kind === 'sqlite' ? databaseFiles(database.file) : []),
        ...(source.otherManifests ?? []),
      ]),
      ...namedByVariables(env),
    ],
    folders: configs.flatMap(({ source, storage }) => [
      ...Object.values(source.sidecars),
      join(storage.path, '.ingestor'),
    ]),
  };
}

/** Returns the files that variables name: a configuration, certificates, secrets. */
export function namedByVariables(env = environment()): string[] {
  const names = ['INGEST_CONFIG', 'INGESTOR_CA', ...SECRET_VARIABLES.map(fileVariable)];
  return names.flatMap((name) => env[name] || []);
}

const databaseFiles = (file: string) => ['', '-wal', '-shm', '-journal'].map((end) => file + end);

const seen = (path: string) => stat(path).catch(() => undefined);

const same = (one: Identity, other: Identity | undefined) => one.dev === other?.dev && one.ino === other.ino;
type Identity = { dev: number; ino: number };

/** Returns the path of a file without links. The file may not exist. */
async function place(path: string): Promise<string> {
  const absolute = resolve(path);
  const folder = () => realpath(dirname(absolute)).catch(() => dirname(absolute));
  return realpath(absolute).catch(async () => join(await folder(), basename(absolute)));
}

function ancestors(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...ancestors(folder)];
}

function outputIsInput(message: string, fix: string): IngestorError {
  return makeError('output-is-input', { message, fix });
}
