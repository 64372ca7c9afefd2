import { basename, dirname, extname, join, relative, resolve as resolvePath } from 'node:path';
import { MAX_CONFIG_BYTES, rewriteConfig, type RunConfig } from '@tracebloc/ingestor-config';
import type { Column, Intent, TaskType } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, readInput, tableExtension } from '@tracebloc/ingestor-core';
import { detectFormat, openReader, type ReaderOptions } from '@tracebloc/ingestor-dataset';
import { hasClasses } from '@tracebloc/ingestor-pipeline';
import { resolve } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';
import { nameOfSide } from './names.js';

const JSON_EXTENSIONS = ['.json', '.jsonl', '.ndjson'];
const SIDES = ['train', 'test'] as const satisfies readonly Intent[];
/** The most characters of the name of a table. */
const MAX_TABLE = 64;

export interface SplitSource {
  reader: ReaderOptions;
  /** The configured column of classes. */
  label?: string;
  /** The column by which the task requires the rows to be sorted. */
  time?: string;
  /** The groups of rows that the task keeps whole: what one is called, and the column that is the same in all of its rows. */
  groups?: { name: string; column: string };
  /** The column that names files, if the rows have files. */
  filename?: string;
  /** The types of the columns, if a configuration declares them. */
  schema?: readonly Column[];
  config?: { path: string; run: RunConfig };
}

/** The paths that each side is written to. */
export type SplitPaths = Record<(typeof SIDES)[number], { manifest: string; config?: string }>;

/** Finds the manifest to split: the named one, or that of the configuration, which also describes its format. */
export async function findSplitSource(
  tasks: readonly TaskType[],
  manifest: string | undefined,
  config: string | undefined,
): Promise<SplitSource> {
  if (config !== undefined) {
    const { config: run } = await resolve({ tasks, purpose: 'validate', flags: { config, labelFile: manifest } });
    const { format, path, parts, table, csv, json } = run.source;
    if (parts || table?.kind === 'file') {
      throw makeError('cannot-split', {
        message: parts
          ? `The manifest consists of the files ${path}, which are not split.`
          : `A file of the format ${table!.title} is not split.`,
        fix: 'Write the table as one CSV file, and split that; or write two tables where the data comes from.',
      });
    }
    const group = run.task.groups?.column(run.schema, run.options);
    return {
      ...(group && { groups: { name: run.task.groups!.name, column: group.name } }),
      reader: { format, path, file: path, csv, json, missing: run.task.missing, columns: 'all' },
      label: hasClasses(run.task) ? run.label?.column : undefined,
      time: run.task.orderedBy?.(run.schema, run.options)?.name,
      filename: run.filename,
      schema: run.schema,
      config: { path: resolvePath(config), run },
    };
  }
  if (manifest === undefined) {
    throw makeError('wrong-usage', {
      message: 'No manifest is given.',
      fix: 'Name the file to split, or an ingest.yaml: ingestor split data.csv',
    });
  }
  const path = resolvePath(manifest);
  const format = JSON_EXTENSIONS.includes(tableExtension(path)) ? 'json' : 'csv';
  const options = { format, path, file: path, csv: CSV_DEFAULTS, missing: 'tokens' } as const;
  // Opened first, since its error says best why a file cannot be read.
  openReader(options);
  // A signal may simply end the process here, since nothing is locked or written.
  const { csv, records } = await detectFormat(path, format, new AbortController().signal);
  return { reader: { ...options, csv, json: { records }, columns: 'all' } };
}

/**
 * Returns `<name>.train.csv` and `<name>.test.csv`, and with a configuration also `train.yaml` and `test.yaml` beside them.
 * A name that ends in `train` is not lengthened; see `nameOfSide`.
 */
export function pathsOf({ reader, config }: SplitSource, outputDir: string | undefined): SplitPaths {
  const folder = outputDir === undefined ? dirname(reader.path) : resolvePath(outputDir);
  // Both sides are written as plain text, also of a gzip archive.
  const plain = reader.path.replace(/\.gz$/i, '');
  const extension = extname(plain);
  const name = basename(plain, extension);
  const pathOf = (side: Intent) => ({
    manifest: join(folder, `${nameOfSide(name, side, '.')}${extension}`),
    config: config && join(folder, `${side}.yaml`),
  });
  return { train: pathOf('train'), test: pathOf('test') };
}

/** Returns the configuration of each side: the same text with another table, intent and paths. */
export async function configsOf({ config }: SplitSource, paths: SplitPaths): Promise<{ path: string; text: string }[]> {
  if (!config) return [];
  const { table, source } = config.run;
  if (nameOfSide(table, 'train', '_').length > MAX_TABLE) {
    throw makeError('table-name-too-long', {
      message: `With _train at its end, the name of the table ${table} would be longer than ${MAX_TABLE} characters.`,
      fix: `Shorten the table's name in ${config.path}.`,
    });
  }
  const written = (await readInput(config.path, { limit: MAX_CONFIG_BYTES, pipes: true })).toString();
  return SIDES.map((side) => {
    const path = paths[side].config!;
    const fromThere = (target: string) => relative(dirname(path), target) || '.';
    const folders = Object.entries(source.sidecars).map(([field, folder]) => [field, fromThere(folder)] as const);
    const manifest = fromThere(paths[side].manifest);
    const other = fromThere(paths[side === 'train' ? 'test' : 'train'].manifest);
    const others = [...(source.otherManifests ?? []).map(fromThere), other];
    const changes = {
      table: nameOfSide(table, side, '_'),
      intent: side,
      csv: source.format === 'csv' ? manifest : undefined,
      json: source.format === 'json' ? manifest : undefined,
      ...Object.fromEntries(folders),
      ...(folders.length > 0 && { other_manifests: others }),
    };
    // Both sides are written in UTF-8, whatever the encoding of the source is.
    const text = rewriteConfig(written, changes, 'encoding');
    return { path, text };
  });
}
