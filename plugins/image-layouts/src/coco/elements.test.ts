import { mkdtemp, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { TableError } from '@tracebloc/ingestor-contract';
import { readElements } from './elements.js';

async function elementsOf(text: string): Promise<[string, unknown, number][]> {
  const path = join(await mkdtemp(join(tmpdir(), 'coco-')), 'file.json');
  await writeFile(path, text);
  const file = await open(path);
  try {
    const found: [string, unknown, number][] = [];
    for await (const elements of readElements(file, new AbortController().signal)) {
      for (const { key, text: element, start } of elements) found.push([key, JSON.parse(element), start]);
    }
    return found;
  } finally {
    await file.close();
  }
}

it('finds the objects of each array, with their offsets in bytes', async () => {
  const text =
    '{"info": {"a": [{"b": 1}]}, "images": [{"é": "}]"}, {"n": [1, {"m": 2}]}], "x": [1, 2], "z": [{"\\"": 1}]}';
  const bytes = Buffer.from(text);
  expect(await elementsOf(text)).toEqual([
    ['images', { é: '}]' }, bytes.indexOf('{"é')],
    ['images', { n: [1, { m: 2 }] }, bytes.indexOf('{"n')],
    ['z', { '"': 1 }, bytes.indexOf('{"\\')],
  ]);
});

it('finds an object that crosses the pieces in which the file is read', async () => {
  const long = 'é'.repeat(1_500_000);
  const elements = await elementsOf(`{"images": [{"a": 1}, {"long": "${long}"}], "more": [{"a": 2}]}`);
  expect(elements.map(([key, element]): unknown[] => [key, Object.values(element as object)[0]])).toEqual([
    ['images', 1],
    ['images', long],
    ['more', 2],
  ]);
});

it.each(['[{"a": 1}]', '{"images": [{"a": 1}', '{"images": ["a', ''])('refuses %s', async (text) => {
  await expect(elementsOf(text)).rejects.toThrow(TableError);
});
