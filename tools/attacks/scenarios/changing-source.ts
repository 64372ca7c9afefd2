import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { closeSync, openSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';

export const attack =
  'a writer that appends, cuts, rewrites with equal size and time, or renames at random moments, under a CSV and ' +
  'under texts: an error with nothing published, or a dataset that equals one whole state of the source';

const ROUNDS = 14;
const ROWS = 60_000;
const TEXTS = 600;
/** Of whole seconds, so that it can be set again exactly. */
const TIME = new Date('2026-01-02T03:04:05Z');

export async function run(world) {
  const figures = { published: 0, refused: 0, invalid: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const source = round % 3 === 2 ? new Texts(world, round) : new Csv(world, round);
    const { ended } = world.start([...source.args, '--json'], { env: { BATCH_SIZE: '2000', DB_NAME: 'rows' } });
    let isOver = false;
    void ended.then(() => (isOver = true));
    const states = new Set([source.state()]);
    // Most writers end before the run does, some begin only when most of it is over.
    let pause = world.random() * 2500;
    for (let action = 0; action < 1 + world.random() * 3 && !isOver; action++) {
      await sleep(pause);
      source.change(world.random);
      states.add(source.state());
      pause = world.random() * 300;
    }
    const { code, stdout, stderr } = await ended;
    const published = source.published();
    if (code === 0) {
      assert.ok(
        states.has(published),
        `round ${round}: ${source.table} equals no whole state of its source\n${stderr}`,
      );
      figures.published++;
    } else {
      assert.equal(published, undefined, `round ${round}: exit code ${code}, but ${source.table} is published`);
      const { error, outcome } = JSON.parse(stdout);
      const isTold = outcome === 'invalid' || error?.code === 'source-changed-while-read';
      assert.ok(isTold && code === 3, `round ${round}: exit code ${code}, ${stdout}${stderr}`);
      figures[outcome === 'invalid' ? 'invalid' : 'refused']++;
    }
  }
  return figures;
}

/** The rows of a statement about a table; undefined where there is no such table. */
function select(world, table, sql) {
  if (!existsSync(join(world.storage, 'rows.sqlite'))) return undefined;
  const database = new DatabaseSync(join(world.storage, 'rows.sqlite'), { readOnly: true, timeout: 5000 });
  try {
    const isThere = database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined;
    return isThere ? database.prepare(sql).all() : undefined;
  } finally {
    database.close();
  }
}

const digestOf = (lines) => {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  return hash.digest('hex');
};

/** Writes the configuration of a dataset in a folder, and returns the arguments to ingest it. */
function configure(folder, fields) {
  const config = { apiVersion: 'tracebloc.io/v1', kind: 'IngestConfig', intent: 'train', label: 'label', ...fields };
  writeFileSync(join(folder, `${fields.table}.yaml`), JSON.stringify(config));
  return ['ingest', '-c', join(folder, `${fields.table}.yaml`)];
}

/** A CSV whose label tells how it was written. */
class Csv {
  constructor(world, round) {
    this.world = world;
    this.table = `rows_${round}`;
    this.path = join(world.folder, `${this.table}.csv`);
    const about = { category: 'tabular_classification', table: this.table, csv: this.path };
    this.args = configure(world.folder, { ...about, schema: { a: 'INT' } });
    this.rows = ROWS;
    const rows = Array.from({ length: ROWS }, (_, row) => this.row(row, 0));
    writeFileSync(this.path, `a,label\n${rows.join('')}`);
    utimesSync(this.path, TIME, TIME);
  }

  row(row, written) {
    return `${String(row).padStart(8, '0')},class${(row % 5) + written * 5}\n`;
  }

  change(random) {
    const { size } = statSync(this.path);
    const kind = Math.floor(random() * 4);
    if (kind === 0) {
      const more = Array.from({ length: 1000 }, () => this.row(this.rows++, 0)).join('');
      // Often as a buffer of a writer ends: in the middle of a line.
      writeFileSync(this.path, more.slice(0, random() < 0.5 ? undefined : -3), { flag: 'a' });
    } else if (kind === 1) {
      truncateSync(this.path, Math.floor(size * (0.5 + random() / 2)));
    } else if (kind === 2) {
      const file = openSync(this.path, 'r+');
      const row = Math.floor(random() * (this.rows / 2));
      writeSync(file, this.row(row, 1), 'a,label\n'.length + row * this.row(0, 0).length);
      closeSync(file);
      utimesSync(this.path, TIME, TIME);
    } else {
      const content = readFileSync(this.path, 'utf8').replaceAll('class0', 'class9');
      writeFileSync(`${this.path}.new`, content);
      utimesSync(`${this.path}.new`, TIME, TIME);
      renameSync(`${this.path}.new`, this.path);
    }
  }

  state() {
    const lines = readFileSync(this.path, 'utf8').split('\n').slice(1);
    return digestOf(lines.filter((line) => line !== '').map((line) => line.replace(/^0+(?=\d)/, '')));
  }

  published() {
    const rows = select(this.world, this.table, `SELECT a, label FROM ${this.table} ORDER BY id`);
    return rows && digestOf(rows.map(({ a, label }) => `${a},${label}`));
  }
}

/** A folder of texts, of which some are written while they are read. */
class Texts {
  constructor(world, round) {
    this.world = world;
    this.table = `texts_${round}`;
    const folder = join(world.folder, this.table);
    this.texts = join(folder, 'texts');
    mkdirSync(this.texts, { recursive: true });
    this.names = Array.from({ length: TEXTS }, (_, index) => `${index}.txt`);
    for (const name of this.names) this.write(join(this.texts, name), 'a');
    const rows = this.names.map((name, index) => `${name},class${index % 5}\n`);
    writeFileSync(join(folder, 'labels.csv'), `filename,label\n${rows.join('')}`);
    const about = { category: 'text_classification', table: this.table, csv: 'labels.csv', texts: 'texts' };
    this.args = configure(folder, about);
  }

  write(path, letter) {
    writeFileSync(path, letter.repeat(40_000));
    utimesSync(path, TIME, TIME);
  }

  change(random) {
    for (let count = 0; count < 20; count++) {
      const path = join(this.texts, this.names[Math.floor(random() * TEXTS)]);
      const letter = 'bcdef'[Math.floor(random() * 5)];
      const kind = Math.floor(random() * 3);
      if (kind === 0) this.write(path, letter);
      else if (kind === 1) truncateSync(path, 20_000);
      else {
        this.write(join(this.texts, '..', 'new'), letter);
        renameSync(join(this.texts, '..', 'new'), path);
      }
    }
  }

  state() {
    return this.digest(this.texts);
  }

  published() {
    const rows = select(this.world, this.table, `SELECT filename FROM ${this.table}`);
    if (rows) return this.digest(join(this.world.storage, this.table));
    assert.ok(!existsSync(join(this.world.storage, this.table)), `${this.table} has a folder, but no table`);
    return undefined;
  }

  digest(folder) {
    return digestOf(
      readdirSync(folder)
        .sort()
        .map((name) => name + digestOf([readFileSync(join(folder, name))])),
    );
  }
}
