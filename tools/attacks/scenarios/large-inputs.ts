import assert from 'node:assert/strict';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { World } from '../world.ts';

export const attack =
  'inputs at their limits (a million columns, 205,000 empty objects in an annotation, a record of 16 MB, a million groups) end soon, in bounded memory, and on SIGTERM within 8 s';

/** How long a process may take to end after a signal, as docs/reliability.md promises. A busy machine may add four starts. */
const MOST_SIGNAL_SECONDS = 8;
const MB = 1 << 20;

interface Input {
  args: string[];
  code: number;
  /** A text that the output must contain. */
  output: string;
}

/** Writes a configuration with the given lines and returns its path. */
function configOf(world: World, name: string, ...lines: string[]): string {
  const path = join(world.folder, `${name}.yaml`);
  const head = [
    'apiVersion: tracebloc.io/v1',
    'kind: IngestConfig',
    `table: attack_${name}`,
    'intent: train',
    'label: label',
  ];
  writeFileSync(path, [...head, ...lines, ''].join('\n'));
  return path;
}

async function write(path: string, pieces: Iterable<string>): Promise<void> {
  const file = createWriteStream(path);
  for (const piece of pieces) if (!file.write(piece)) await once(file, 'drain');
  file.end();
  await once(file, 'finish');
}

function* numbered(count: number, text: (index: number) => string): Generator<string> {
  const many = 10_000;
  for (let from = 0; from < count; from += many) {
    yield Array.from({ length: Math.min(many, count - from) }, (_, index) => text(from + index)).join('');
  }
}

const inputs: Readonly<Record<string, (world: World) => Promise<Input>>> = {
  'a header of a million columns': async (world) => {
    await write(join(world.folder, 'header.csv'), [...numbered(1_000_000, (i) => `c${i},`), 'label\n1\n']);
    const schema = `{${Array.from({ length: 3000 }, (_, i) => `absent${i}: INT`).join(', ')}}`;
    const lines = ['category: tabular_classification', 'csv: header.csv', `schema: ${schema}`];
    return { args: ['validate', '--config', configOf(world, 'header', ...lines)], code: 3, output: 'too-many-columns' };
  },
  '200,000 keys of a JSON record, and none of 4,000 columns of the schema': async (world) => {
    await write(join(world.folder, 'keys.json'), ['[{', ...numbered(199_999, (i) => `"c${i}":[],`), '"label":"a"}]']);
    const schema = `{${Array.from({ length: 4000 }, (_, i) => `absent${i}: INT`).join(', ')}}`;
    const lines = ['category: tabular_classification', 'json: keys.json', `schema: ${schema}`];
    return { args: ['validate', '--config', configOf(world, 'keys', ...lines)], code: 3, output: 'missing-column' };
  },
  'blank JSON records of 100,000 columns': async (world) => {
    const first = ['{', ...numbered(100_000, (i) => `"c${i}":1,`), '"label":"a"}\n'];
    await write(join(world.folder, 'blank.jsonl'), [...first, '{}\n'.repeat(4_000)]);
    const lines = ['category: tabular_classification', 'json: blank.jsonl', 'schema: {c0: INT}'];
    return { args: ['validate', '--config', configOf(world, 'blank', ...lines)], code: 3, output: 'one-class' };
  },
  'a quoted record of 15 MB of cells': async (world) => {
    await write(join(world.folder, 'record.csv'), ['a,label\n', '"1",'.repeat(15 * (MB / 4)), '1\n']);
    const lines = ['category: tabular_classification', 'csv: record.csv', 'schema: {a: INT}'];
    return { args: ['validate', '--config', configOf(world, 'record', ...lines)], code: 3, output: 'ragged-row' };
  },
  '205,000 empty objects in an annotation of 2 MB': async (world) => {
    for (const folder of ['images', 'annotations']) mkdirSync(join(world.folder, folder));
    const pixels = { create: { width: 64, height: 64, channels: 3, background: 'red' } } as const;
    await sharp(pixels)
      .jpeg()
      .toFile(join(world.folder, 'images', 'a.jpg'));
    const objects = `<annotation>${'<object/>\n'.repeat(205_000)}</annotation>`;
    writeFileSync(join(world.folder, 'annotations', 'a.xml'), objects);
    writeFileSync(join(world.folder, 'objects.csv'), 'filename,label\na,dog\n');
    const lines = ['category: object_detection', 'csv: objects.csv', 'images: images', 'annotations: annotations'];
    return { args: ['validate', '--config', configOf(world, 'objects', ...lines)], code: 3, output: 'missing-element' };
  },
  'a configuration at its limit, of what takes its parser longest': async (world) => {
    const text = `title: "${'\\q'.repeat(MB / 2 - 1000)}"`;
    const lines = ['category: tabular_classification', 'csv: absent.csv', text];
    return { args: ['validate', '--config', configOf(world, 'escapes', ...lines)], code: 2, output: 'backslash' };
  },
  'a split that keeps a million groups together': async (world) => {
    await write(join(world.folder, 'groups.csv'), [
      'key,label\n',
      ...numbered(1_000_000, (i) => `group ${i},${i % 3}\n`),
    ]);
    return { args: ['split', 'groups.csv', '--group-by', 'key', '--label', 'label'], code: 0, output: '800,000' };
  },
};

export async function run(world: World): Promise<object> {
  const figures: Record<string, string> = {};
  for (const [name, make] of Object.entries(inputs)) {
    const { args, code, output } = await make(world);
    const ended = await world.run(args, { timeoutMs: 120_000 });
    assert.equal(ended.code, code, `${name}: ${ended.stderr.slice(-1000)}`);
    assert.ok((ended.stdout + ended.stderr).includes(output), `${name}: ${(ended.stdout + ended.stderr).slice(-1000)}`);
    assert.ok(ended.stdout.length < 100_000, `${name}: ${ended.stdout.length} characters were written`);
    assert.ok(ended.rssMb < 1000, `${name}: ${ended.rssMb} MB`);
    // The same command again, ended while it works.
    const { child, ended: stopped } = world.start([...args, ...(args[0] === 'split' ? ['--force'] : [])]);
    await sleep(world.random() * ended.seconds * 900);
    const sent = performance.now();
    child.kill('SIGTERM');
    await stopped;
    const seconds = (performance.now() - sent) / 1000;
    const { seconds: start } = await world.run(['--version']);
    assert.ok(seconds < MOST_SIGNAL_SECONDS + 4 * start, `${name}: ended ${seconds} s after SIGTERM`);
    figures[name] = `${ended.seconds.toFixed(1)} s, ${Math.round(ended.rssMb)} MB, ${seconds.toFixed(1)} s`;
  }
  return figures;
}
