import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readInput, UnusableInput } from '@tracebloc/ingestor-core';
import { problemAt } from '../errors.js';
import { locatedMap, locatedText, type LocatedMap, type Origin } from './located.js';
import { API_VERSION, KIND } from '../schema/fields.js';
import type { ConfigProblem, ResolveInput } from '../types.js';
import { describeValue, quote } from '../wording.js';
import { adviseOnFile, describeData, describeForeign } from './wrong-file.js';
import { fromObject, parseYaml, type Parsed } from './parse.js';

/** In bytes. A schema with 4000 columns needs half of it. The limit is necessary, since nothing can interrupt the parser. */
export const MAX_CONFIG_BYTES = 1024 * 1024;

/** A configuration before flags and environment variables replace some of its values. */
export interface ConfigDocument {
  root: LocatedMap;
  /** `none` means that only flags and environment variables configure the run. */
  kind: 'file' | 'object' | 'none';
}

/** Reads the configuration from a file or an object. Returns `undefined` after adding a problem if it cannot be read. */
export async function readDocument(
  input: ResolveInput,
  problems: ConfigProblem[],
): Promise<ConfigDocument | undefined> {
  const { cwd, document, flags } = input;
  const fromEnv = input.env.INGEST_CONFIG ?? '';
  if (document) {
    const origin: Origin = { source: 'configuration', folder: cwd };
    if (flags.config !== undefined) {
      const message = 'a configuration object and a file are both given';
      problems.push(problemAt({ source: 'flag --config', folder: cwd }, 'config', message, 'Use one of them.'));
      return undefined;
    }
    const root = asMap(fromObject(document, origin.source, cwd), origin, problems);
    return root && { root: withConstants(root), kind: 'object' };
  }
  const path = flags.config ?? fromEnv;
  if (path === '' && flags.config === undefined) {
    return { root: withConstants(locatedMap([], { source: 'flags and environment', folder: cwd })), kind: 'none' };
  }
  const source = flags.config === undefined ? 'INGEST_CONFIG' : (flags.configOrigin ?? 'flag --config');
  const giver: Origin = { source, folder: cwd };
  const data = describeData(path, cwd);
  if (data) {
    problems.push(problemAt(giver, undefined, data.message, data.fix));
    return undefined;
  }
  const root = await readMap(path, giver, problems, input.elsewhere);
  const foreign = root && describeForeign(root, path);
  if (foreign) {
    problems.push(problemAt(giver, undefined, foreign.message, foreign.fix));
    return undefined;
  }
  return root && { root, kind: 'file' };
}

/** Reads a YAML file with a mapping. `giver` is the origin of the path; relative paths in the file start from `folder`. */
export async function readMap(
  path: string,
  giver: Origin,
  problems: ConfigProblem[],
  folder?: string,
): Promise<LocatedMap | undefined> {
  const absolute = resolve(giver.folder, path);
  const report = (origin: Origin, message: string, fix: string): undefined => {
    problems.push(problemAt(origin, undefined, message, fix));
    return undefined;
  };
  // A pipe, such as a shell's <(command), has no folder, so its paths start where those of the command line do.
  const isPipe = statSync(absolute, { throwIfNoEntry: false })?.isFIFO();
  const start: Origin = {
    source: path,
    line: 1,
    column: 1,
    folder: folder ?? (isPipe ? giver.folder : dirname(absolute)),
  };
  let bytes: Buffer;
  try {
    bytes = await readInput(absolute, { limit: MAX_CONFIG_BYTES, pipes: true });
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    report(giver, `the file ${quote(absolute)} ${error.message}`, adviseOnFile(path, giver.folder, error));
    return;
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    report(start, 'the file is not UTF-8 text', 'Save it as UTF-8.');
    return;
  }
  return asMap(parseYaml(text, path, start.folder), start, problems);
}

export function asMap(
  { root, problems: found }: Parsed,
  start: Origin,
  problems: ConfigProblem[],
): LocatedMap | undefined {
  problems.push(...found);
  if (root?.kind === 'map') return root;
  if (found.length === 0) {
    const what =
      root && !(root.kind === 'scalar' && root.value === null) ? `contains ${describeValue(root)}` : 'is empty';
    problems.push(problemAt(start, undefined, what, 'Write each field on its own line as `name: value`.'));
  }
  return undefined;
}

/** A configuration from code or from flags always has the current version. */
function withConstants(root: LocatedMap): LocatedMap {
  const origin: Origin = { source: 'default', folder: root.origin.folder };
  const constants = { apiVersion: locatedText(API_VERSION, origin), kind: locatedText(KIND, origin) };
  return { ...root, entries: new Map([...Object.entries(constants), ...root.entries]) };
}
