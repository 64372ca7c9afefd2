import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import { FileIndex } from './file-index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-index-'));
});
afterAll(() => rm(folder, { recursive: true }));

const made = (name: string, text: string): RecordFile => ({
  source: `/table.csv#${name}`,
  target: name,
  content: Buffer.from(text),
});
async function onDisk(name: string, text: string): Promise<RecordFile> {
  const source = join(folder, name);
  await writeFile(source, text);
  return { source, target: name };
}

it.each([
  ['a made file in made ones', made, made],
  ['a made file in those on disk', onDisk, made],
  ['a file on disk in made ones', made, onDisk],
  ['a file on disk in others', onDisk, onDisk],
] as const)('finds %s by its bytes', async (_, first, second) => {
  const index = new FileIndex();
  await index.add(await first('a1', 'one'), 2);
  await index.add(await first('a2', 'two'), 3);
  await index.add(await first('a3', 'two'), 4);
  expect((await index.find(await second('b1', 'two')))?.row).toBe(3);
  expect((await index.find(await second('b2', 'one')))?.row).toBe(2);
  expect(await index.find(await second('b3', 'six'))).toBeUndefined();
  expect(await index.find(await second('b4', 'longer'))).toBeUndefined();
});
