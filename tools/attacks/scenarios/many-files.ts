import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world.ts';

export const attack =
  "a dataset's folder of 200,000 files is overwritten and deleted in memory that does not grow with their number";

const FILES = 200_000;
/** ext4 allows 65,000 names for one file. */
const LINKS = 50_000;
const MOST_MB = 60;

export async function run(world: World): Promise<object> {
  const texts = join(world.folder, 'texts');
  mkdirSync(texts);
  const names = Array.from({ length: 100 }, (_, index) => `text${index}`);
  const write = (what: string) => {
    for (const name of names) writeFileSync(join(texts, `${name}.txt`), `${what} ${name}`);
  };
  const rows = names.map((name, index) => `${name}.txt,${index % 2 === 0 ? 'even' : 'odd'}`);
  writeFileSync(join(world.folder, 'labels.csv'), `${['filename,label', ...rows].join('\n')}\n`);
  const config = 'apiVersion: tracebloc.io/v1\nkind: IngestConfig\ncategory: text_classification\ntable: many\n';
  writeFileSync(
    join(world.folder, 'ingest.yaml'),
    `${config}intent: train\ncsv: labels.csv\ntexts: texts\nlabel: label\n`,
  );
  const succeed = async (...args: string[]) => {
    const ended = await world.run(args);
    assert.equal(ended.code, 0, ended.stderr);
    return ended;
  };

  write('First');
  const few = await succeed('ingest', '--config', 'ingest.yaml');
  const fewDeleted = await succeed('datasets', 'delete', 'many', '--yes');
  await succeed('ingest', '--config', 'ingest.yaml');
  fill(join(world.storage, 'many'));
  write('Second');
  const overwritten = await succeed('ingest', '--config', 'ingest.yaml', '--overwrite');
  assert.equal(readdirSync(join(world.storage, 'many')).length, names.length);
  fill(join(world.storage, 'many'));
  const deleted = await succeed('datasets', 'delete', 'many', '--yes');
  assert.deepEqual(
    readdirSync(world.storage).filter((name) => name === 'many'),
    [],
  );
  assert.deepEqual(
    readdirSync(join(world.storage, '.ingestor')).filter((name) => name.startsWith('retired')),
    [],
  );

  const figures = {
    overwrite_mb: Math.round(overwritten.rssMb),
    overwrite_of_few_mb: Math.round(few.rssMb),
    delete_mb: Math.round(deleted.rssMb),
    delete_of_few_mb: Math.round(fewDeleted.rssMb),
    delete_s: Number(deleted.seconds.toFixed(1)),
  };
  assert.ok(overwritten.rssMb < few.rssMb + MOST_MB, JSON.stringify(figures));
  assert.ok(deleted.rssMb < fewDeleted.rssMb + MOST_MB, JSON.stringify(figures));
  return figures;
}

/** Fills the folder with links to a few tiny files. */
function fill(folder: string): void {
  for (let index = 0; index < FILES; index++) {
    const original = join(folder, `original ${Math.floor(index / LINKS)}.txt`);
    if (index % LINKS === 0) writeFileSync(original, 'tiny');
    linkSync(original, join(folder, `a file with a name of some length ${index}.txt`));
  }
}
