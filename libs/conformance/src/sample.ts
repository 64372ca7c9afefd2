import { readFileSync, readdirSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject, JsonSchema, RawOptions, TaskType } from '@tracebloc/ingestor-contract';
import { type RunConfig, resolveConfig } from '@tracebloc/ingestor-config';

/** A dataset of the package: `samples/<name>/<file>.yaml` and the files that it names. */
export interface Sample {
  /** The path of the ingest.yaml below the samples folder. */
  name: string;
  document: JsonObject;
}

/** Returns the samples of a plugin, or none without a samples folder. A file that is not YAML has an empty document. */
export function findSamples(folder: string): Sample[] {
  const samples = join(folder, 'samples');
  return list(samples)
    .flatMap((dataset) => list(join(samples, dataset)).map((file) => `${dataset}/${file}`))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => ({ name, document: readYaml(join(samples, name)) }));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readYaml(path: string): JsonObject {
  try {
    const document = parse(readFileSync(path, 'utf8')) as unknown;
    return typeof document === 'object' && document !== null ? (document as JsonObject) : {};
  } catch {
    return {};
  }
}

/** Calls `use` with a copy of the plugin's samples, which it may change, and removes the copy. */
export async function* withCopy(
  folder: string,
  use: (samples: string) => AsyncIterable<string>,
): AsyncGenerator<string, void> {
  const copy = await realpath(await mkdtemp(join(tmpdir(), 'ingestor-conformance-')));
  try {
    await cp(join(folder, 'samples'), copy, { recursive: true });
    yield* use(copy);
  } finally {
    await setWritable(copy, true);
    await rm(copy, { recursive: true });
  }
}

/** Sets whether a folder and everything below it can be written. Root can always write. */
export async function setWritable(folder: string, writable: boolean): Promise<void> {
  if (writable) await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await setWritable(path, writable);
    else if (entry.isFile()) await chmod(path, writable ? 0o644 : 0o444);
  }
  if (!writable) await chmod(folder, 0o555);
}

/** Returns a sample's configuration as `ingestor validate` resolves it. */
export async function openSample(samples: string, { name }: Sample, task: TaskType): Promise<RunConfig> {
  const flags = { config: join(samples, name) };
  const { config } = await resolveConfig({ tasks: [task], flags, env: {}, cwd: samples, purpose: 'validate' });
  return config;
}

/** Returns the task's options in the sample's document. */
export function optionsOf({ document }: Sample, task: TaskType): RawOptions {
  const fileOptions = objectAt(objectAt(document, 'spec'), 'file_options');
  return { fields: pick(document, task.fields), fileOptions: pick(fileOptions, task.fileOptions) };
}

function pick(object: JsonObject, schema: JsonSchema): JsonObject {
  const own = Object.keys(objectAt(schema, 'properties'));
  return Object.fromEntries(Object.entries(object).filter(([name]) => own.includes(name)));
}

/** Returns the object at a property, or an empty object if its value is not one. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
