import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world.ts';

export const attack =
  'two databases on one volume ingest, overwrite and delete a dataset of the same name at the same time, and are killed: ' +
  'what one of them has registered stays complete';

const ROUNDS = 6;
const FILES = 300;
const TABLE = 'shared';
const DATABASES = ['one', 'two'];
/** The errors that a command may end with: the folder belongs to the other database, or the dataset does not exist. */
const REFUSED = /of another database|has no dataset/;

interface Counts {
  kills: number;
  refused: number;
  done: number;
  verified: number;
}

export async function run(world: World): Promise<object> {
  const counts: Counts = { kills: 0, refused: 0, done: 0, verified: 0 };
  for (const name of DATABASES) writeSource(world, name);
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(DATABASES.map((name) => act(world, name, counts)));
    const complete = (await Promise.all(DATABASES.map((name) => isComplete(world, name)))).filter(Boolean).length;
    assert.ok(complete <= 1, 'both databases hold the folder');
    counts.verified += complete;
  }
  // A database that is alone on the volume can delete everything.
  for (const name of DATABASES) {
    await world.run(['datasets', 'delete', TABLE, '--yes'], { env: envOf(name) });
    await world.run(['runs', 'clean', '--unfinished', '--yes'], { env: envOf(name) });
  }
  assert.deepEqual(readdirSync(join(world.storage, '.ingestor', 'folders')), []);
  for (const kind of ['staging', 'partial', 'hashes'])
    assert.deepEqual(readdirSync(join(world.storage, '.ingestor', kind)), []);
  assert.ok(!readdirSync(world.storage).includes(TABLE));
  return counts;
}

/** Runs one command of one database. It may be killed; then it is repeated until it ends by itself. */
async function act(world: World, name: string, counts: Counts): Promise<void> {
  const { random } = world;
  const config = ['ingest', '--config', `${name}${random() < 0.5 ? 1 : 2}.yaml`, '--overwrite', '--restart'];
  const args = random() < 0.3 ? ['datasets', 'delete', TABLE, '--yes'] : config;
  await sleep(random() * 800);
  for (let kills = random() < 0.6 ? 1 : 0; ; kills--) {
    const { child, ended } = world.start(args, { env: envOf(name) });
    if (kills > 0) {
      await Promise.race([sleep(300 + random() * 1800), ended]);
      if (child.exitCode === null && child.kill('SIGKILL')) counts.kills++;
    }
    const { code, stderr } = await ended;
    if (code === null) continue;
    if (code === 0) counts.done++;
    else {
      counts.refused++;
      assert.match(stderr, REFUSED, `${name}: ${args.join(' ')}`);
    }
    return;
  }
}

/** Returns whether the database has the dataset. Throws when the dataset is not complete. */
async function isComplete(world: World, name: string): Promise<boolean> {
  const env = envOf(name);
  const { stdout } = await world.run(['datasets', 'list', '--json'], { env });
  if (!stdout.includes(`"${TABLE}"`)) return false;
  const verified = await world.run(['datasets', 'verify', TABLE], { env });
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  return true;
}

function writeSource({ folder }: World, name: string): void {
  for (const version of [1, 2]) {
    const texts = `${name}${version}`;
    mkdirSync(join(folder, texts));
    const names = Array.from({ length: FILES }, (_, index) => `text${index}`);
    for (const text of names) writeFileSync(join(folder, texts, `${text}.txt`), `${texts} ${text}`);
    const rows = names.map((text, index) => `${text}.txt,${index % 2 === 0 ? 'even' : 'odd'}`);
    writeFileSync(join(folder, `${texts}.csv`), `${['filename,label', ...rows].join('\n')}\n`);
    const head = `apiVersion: tracebloc.io/v1\nkind: IngestConfig\ncategory: text_classification\ntable: ${TABLE}\n`;
    writeFileSync(
      join(folder, `${texts}.yaml`),
      `${head}intent: train\ncsv: ${texts}.csv\ntexts: ${texts}\nlabel: label\n`,
    );
  }
}

function envOf(name: string): NodeJS.ProcessEnv {
  return { DB_NAME: name, BATCH_SIZE: '20' };
}
