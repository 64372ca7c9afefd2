import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { closeSync, openSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import type { World } from '../world.ts';

export const attack =
  'a writer that appends, cuts, rewrites with equal size and time, or renames at random moments, under a CSV and ' +
  'under texts: an error with nothing published, or a dataset that equals one whole state of the source';

const ROUNDS = 14;
const ROWS = 60_000;
const TEXTS = 600;
/** A time of whole seconds, which can be set exactly. */
const TIME = new Date('2026-01-02T03:04:05Z');

export async function run(world: World): Promise<object> {
  const figures = { published: 0, refused: 0, invalid: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const source: Source = round % 3 === 2 ? new Texts(world, round) : new Csv(world, round);
    const { ended } = world.start([...source.args, '--json'], { env: { BATCH_SIZE: '2000', DB_NAME: 'rows' } });
    const run = { isOver: false };
    void ended.then(() => (run.isOver = true));
    const states = new Set([source.state()]);
    // Most writers end before the run does. Some start only when most of the run is over.
    let pause = world.random() * 2500;
    for (let action = 0; action < 1 + world.random() * 3 && !run.isOver; action++) {
      await sleep(pause);
      source.change(world.random);
      states.add(source.state());
      pause = world.random() * 300;
    }
    const { code, stdout, stderr } = await ended;
    const published = source.published();
    if (code === 0) {
      assert.ok(
        published !== undefined && states.has(published),
        `round ${round}: ${source.table} is not equal to a whole state of its source\n${stderr}`,
      );
      figures.published++;
    } else {
      assert.equal(published, undefined, `round ${round}: exit code ${code}, but ${source.table} is published`);
      const { error, outcome } = JSON.parse(stdout) as { error?: { code: string }; outcome?: string };
      const isReported = outcome === 'invalid' || error?.code === 'source-changed-while-read';
      assert.ok(isReported && code === 3, `round ${round}: exit code ${code}, ${stdout}${stderr}`);
      figures[outcome === 'invalid' ? 'invalid' : 'refused']++;
    }
  }
  return figures;
}

/** Returns the rows of a statement about a table, or `undefined` when the table does not exist. */
function select(world: World, table: string, sql: string): Record<string, SQLOutputValue>[] | undefined {
  if (!existsSync(join(world.storage, 'rows.sqlite'))) return undefined;
  const database = new DatabaseSync(join(world.storage, 'rows.sqlite'), { readOnly: true, timeout: 5000 });
  try {
    const exists = database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined;
    return exists ? database.prepare(sql).all() : undefined;
  } finally {
    database.close();
  }
}

const digestOf = (lines: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  return hash.digest('hex');
};

/** Writes the configuration of a dataset in a folder, and returns the arguments to ingest it. */
function configure(folder: string, fields: { table: string; [field: string]: unknown }): string[] {
  const config = { apiVersion: 'tracebloc.io/v1', kind: 'IngestConfig', intent: 'train', label: 'label', ...fields };
  writeFileSync(join(folder, `${fields.table}.yaml`), JSON.stringify(config));
  return ['ingest', '-c', join(folder, `${fields.table}.yaml`)];
}

/** A source that is changed while it is read. */
interface Source {
  readonly table: string;
  readonly args: readonly string[];
  /** Changes the source in a random way. */
  change: (random: () => number) => void;
  /** Returns a digest of the source as it is now. */
  state: () => string;
  /** Returns the digest of what is published, or `undefined` when nothing is. */
  published: () => string | undefined;
}

/** A CSV whose labels show how each row was written. */
class Csv implements Source {
  readonly table: string;
  readonly args: readonly string[];
  readonly #world: World;
  readonly #path: string;
  #rows = ROWS;

  constructor(world: World, round: number) {
    this.#world = world;
    this.table = `rows_${round}`;
    this.#path = join(world.folder, `${this.table}.csv`);
    const about = { category: 'tabular_classification', table: this.table, csv: this.#path };
    this.args = configure(world.folder, { ...about, schema: { a: 'INT' } });
    const rows = Array.from({ length: ROWS }, (_, row) => this.#row(row, 0));
    writeFileSync(this.#path, `a,label\n${rows.join('')}`);
    utimesSync(this.#path, TIME, TIME);
  }

  #row(row: number, written: number): string {
    return `${String(row).padStart(8, '0')},class${(row % 5) + written * 5}\n`;
  }

  change(random: () => number): void {
    const { size } = statSync(this.#path);
    const kind = Math.floor(random() * 4);
    if (kind === 0) {
      const more = Array.from({ length: 1000 }, () => this.#row(this.#rows++, 0)).join('');
      // A writer's buffer often ends in the middle of a line.
      writeFileSync(this.#path, more.slice(0, random() < 0.5 ? undefined : -3), { flag: 'a' });
    } else if (kind === 1) {
      truncateSync(this.#path, Math.floor(size * (0.5 + random() / 2)));
    } else if (kind === 2) {
      const file = openSync(this.#path, 'r+');
      const row = Math.floor(random() * (this.#rows / 2));
      writeSync(file, this.#row(row, 1), 'a,label\n'.length + row * this.#row(0, 0).length);
      closeSync(file);
      utimesSync(this.#path, TIME, TIME);
    } else {
      const content = readFileSync(this.#path, 'utf8').replaceAll('class0', 'class9');
      writeFileSync(`${this.#path}.new`, content);
      utimesSync(`${this.#path}.new`, TIME, TIME);
      renameSync(`${this.#path}.new`, this.#path);
    }
  }

  state(): string {
    const lines = readFileSync(this.#path, 'utf8').split('\n').slice(1);
    return digestOf(lines.filter((line) => line !== '').map((line) => line.replace(/^0+(?=\d)/, '')));
  }

  published(): string | undefined {
    const rows = select(this.#world, this.table, `SELECT a, label FROM ${this.table} ORDER BY id`);
    return rows && digestOf(rows.map(({ a, label }) => `${String(a)},${String(label)}`));
  }
}

/** A folder of texts, some of which are written while they are read. */
class Texts implements Source {
  readonly table: string;
  readonly args: readonly string[];
  readonly #world: World;
  readonly #texts: string;
  readonly #names: readonly string[];

  constructor(world: World, round: number) {
    this.#world = world;
    this.table = `texts_${round}`;
    const folder = join(world.folder, this.table);
    this.#texts = join(folder, 'texts');
    mkdirSync(this.#texts, { recursive: true });
    this.#names = Array.from({ length: TEXTS }, (_, index) => `${index}.txt`);
    for (const name of this.#names) this.#write(join(this.#texts, name), 'a');
    const rows = this.#names.map((name, index) => `${name},class${index % 5}\n`);
    writeFileSync(join(folder, 'labels.csv'), `filename,label\n${rows.join('')}`);
    const about = { category: 'text_classification', table: this.table, csv: 'labels.csv', texts: 'texts' };
    this.args = configure(folder, about);
  }

  #write(path: string, letter: string): void {
    writeFileSync(path, letter.repeat(40_000));
    utimesSync(path, TIME, TIME);
  }

  change(random: () => number): void {
    for (let count = 0; count < 20; count++) {
      const path = join(this.#texts, this.#names[Math.floor(random() * TEXTS)]!);
      const letter = 'bcdef'.charAt(Math.floor(random() * 5));
      const kind = Math.floor(random() * 3);
      if (kind === 0) this.#write(path, letter);
      else if (kind === 1) truncateSync(path, 20_000);
      else {
        this.#write(join(this.#texts, '..', 'new'), letter);
        renameSync(join(this.#texts, '..', 'new'), path);
      }
    }
  }

  state(): string {
    return this.#digest(this.#texts);
  }

  published(): string | undefined {
    const rows = select(this.#world, this.table, `SELECT filename FROM ${this.table}`);
    if (rows) return this.#digest(join(this.#world.storage, this.table));
    assert.ok(!existsSync(join(this.#world.storage, this.table)), `${this.table} has a folder, but no table`);
    return undefined;
  }

  #digest(folder: string): string {
    return digestOf(
      readdirSync(folder)
        .sort()
        .map((name) => name + digestOf([readFileSync(join(folder, name))])),
    );
  }
}
