import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { type InstalledTask, loadTasks, resolve } from '@tracebloc/ingestor-cli';
import type { Finding } from '@tracebloc/ingestor-contract';
import { FIXED_COLUMNS } from '@tracebloc/ingestor-core';
import { ingest, validate } from '@tracebloc/ingestor-pipeline';
import { loadHost } from '../../../plugins/host.js';
import { askerFor } from '../ask.js';
import type { NearMisfit } from '../fit.js';
import { initCommand } from '../init.js';
import type { LeftOut } from '../schema.js';

const HOST = fileURLToPath(new URL('../../../..', import.meta.url));

/** A row of a table: the label, and the columns of the schema. */
export type Row = (string | number | null)[];

export interface Described {
  yaml: string;
  doubts: readonly string[];
  task: string;
  near: readonly NearMisfit[];
  leftOut: readonly LeftOut[];
}

/** A folder with one table, which is described or configured, and ingested into an embedded database. */
export class Desk {
  private constructor(
    private readonly folder: string,
    private readonly installed: readonly InstalledTask[],
  ) {}

  static async make(): Promise<Desk> {
    return new Desk(await mkdtemp(join(tmpdir(), 'ingestor-cases-')), await loadTasks(await loadHost(HOST)));
  }

  /** Returns the path of a file beside the table. */
  path(name: string): string {
    return join(this.folder, name);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  /** Writes the table and has it described. */
  async describe(
    content: string | Uint8Array,
    label: string,
    { task, file = 'data.csv' }: { task?: string; file?: string } = {},
  ) {
    await writeFile(join(this.folder, file), content);
    return this.describePath(file, label, task);
  }

  /** Has the table at a path, or the files of a pattern, described. */
  async describePath(path: string, label: string, task?: string, sheet?: string): Promise<Described> {
    const result = await initCommand({
      ...{ installed: this.installed, path: join(this.folder, path), dryRun: false, force: true },
      output: this.#flags().config,
      answers: { label, labelPolicy: 'passthrough', table: 'cases', task, sheet },
      ask: askerFor(true),
      onTask: () => undefined,
    });
    if (result.outcome === 'invalid') throw new Error(JSON.stringify(result.findings));
    const { yaml, doubts, task: found, near, leftOut } = result;
    return { yaml, doubts, task: found, near, leftOut };
  }

  /** Writes a table and a configuration for it. */
  async configure(content: string, yaml: string): Promise<void> {
    await writeFile(join(this.folder, 'data.csv'), content);
    await writeFile(join(this.folder, 'ingest.yaml'), yaml);
  }

  /** Returns what `validate` finds. */
  async findings(): Promise<readonly Finding[]> {
    const { config } = await resolve({ ...this.#tasks(), purpose: 'validate', flags: this.#flags(), env: {} });
    return (await validate(config)).findings;
  }

  /**
   * Adds the options that a fix names to `spec.csv_options`, as its reader would. A fix with several alternatives has them
   * after "or"; `choice` is the index of the one that is followed.
   */
  async follow({ fix }: Finding, choice = 0): Promise<void> {
    const path = join(this.folder, 'ingest.yaml');
    const alternative = fix.split(', or ')[choice]!;
    const options = [...alternative.matchAll(/`(?:spec\.csv_options\.)?([a-z_]+: [^`]+)`/g)].map((match) => match[1]!);
    if (options.length === 0) throw new Error(`The fix names no option: ${fix}`);
    const added = options.map((option) => `    ${option}`);
    const isReplaced = (line: string) =>
      added.some((option) => line.startsWith(option.slice(0, option.indexOf(':') + 1)));
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '' && !isReplaced(line));
    if (!lines.includes('spec:')) lines.push('spec:', '  csv_options:');
    await writeFile(path, `${[...lines, ...added].join('\n')}\n`);
  }

  /** Ingests the table and returns its rows. */
  async rows(): Promise<Row[]> {
    const storage = await mkdtemp(join(this.folder, 'storage-'));
    const env = { CLIENT_ENV: 'local', STORAGE_PATH: storage, DB_NAME: 'embedded' };
    const { config } = await resolve({ ...this.#tasks(), purpose: 'ingest', flags: this.#flags(), env });
    const result = await ingest(config);
    if (result.outcome === 'invalid') throw new Error(JSON.stringify(result));
    const database = new DatabaseSync(join(storage, 'embedded.sqlite'), { readOnly: true });
    const rows = database.prepare(`SELECT * FROM ${config.table} ORDER BY id`).all();
    database.close();
    const isOwn = (name: string) => name === 'label' || !(FIXED_COLUMNS as readonly string[]).includes(name);
    return rows.map((row) =>
      Object.entries(row).flatMap(([name, value]) => (isOwn(name) ? [value as Row[number]] : [])),
    );
  }

  #tasks = () => ({ tasks: this.installed.map(({ task }) => task) });

  #flags = () => ({ config: join(this.folder, 'ingest.yaml') });
}

/** Returns a table of these lines, whose column `y` is the label. */
export const table = (header: string, ...lines: string[]) => `${[header, ...lines].join('\n')}\n`;

/** A table, and how `init` has it read. */
export interface DescribedCase {
  content: string | Uint8Array;
  /** The rows that the person wanted, with the label first. */
  rows: Row[];
  task?: string;
  file?: string;
  /** What a doubt says, if something stays open. */
  doubt?: string;
}

/** The values of one column, as they are written and as the table has them. */
export const column = (
  name: string,
  pairs: readonly (readonly [string, string | number])[],
  doubt?: string,
): DescribedCase => ({
  content: table(`${name};y`, ...pairs.map(([written], index) => `"${written}";${index % 2 === 0 ? 'a' : 'b'}`)),
  rows: pairs.map(([, value], index) => [index % 2 === 0 ? 'a' : 'b', value]),
  ...(doubt !== undefined && { doubt }),
});

/** Has a table described, and compares its rows with what the person wanted. */
export async function checkDescribed(desk: Desk, { content, rows, doubt, file, task }: DescribedCase): Promise<void> {
  const { doubts } = await desk.describe(content, 'y', { task: task ?? 'tabular_classification', file });
  expect(await desk.findings()).not.toContainEqual(expect.objectContaining({ severity: 'error' }));
  expect(await desk.rows()).toEqual(rows);
  expect(doubts).toEqual(doubt === undefined ? [] : [expect.stringContaining(doubt)]);
}
