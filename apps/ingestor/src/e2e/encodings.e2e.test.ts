import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { World, documentOf } from '@tracebloc/ingestor-testing/command';
import type { InitResult } from '../services/init/init.js';

const STAFF = 'name;site;left\r\nAndré;Orléans;no\r\nZoé;Nîmes;yes\r\nUlla;Malmö;no\r\nPia;Köln;yes\r\n';
const DOS: Readonly<Record<string, number>> = { é: 0x82, î: 0x8c, ö: 0x94 };
const MEMBERS = 'Member\tCity\tleft\r\n1\tMálaga\tno\r\n2\tZürich\tyes\r\n3\tŁódź\tno\r\n4\tPécs\tyes\r\n';

/** Files as people have them, and the same in UTF-8. */
const FILES: Readonly<Record<string, [content: Buffer, clean: string]>> = {
  'unicode.txt': [Buffer.from(`\ufeff${MEMBERS}`, 'utf16le'), MEMBERS],
  'dos.csv': [Buffer.from(Array.from(STAFF, (letter) => DOS[letter] ?? letter.charCodeAt(0))), STAFF],
  'windows.csv': [Buffer.from(STAFF, 'latin1'), STAFF],
};

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

/** Ingests a file or folder as `init` describes it, and returns the cells of its rows. */
async function rowsOf(path: string, table: string): Promise<unknown[]> {
  const env = world.embedded;
  const init = ['init', path, '--label', 'left', '--table', table, '--output', `${table}.yaml`];
  expect(await world.run(init, env)).toMatchObject({ code: 0 });
  expect(await world.run(['ingest', '-c', `${table}.yaml`], env)).toMatchObject({ code: 0 });
  const { rows } = world.embeddedTables()[table]!;
  return rows.map((row) => ['name', 'site', 'Member', 'City', 'filename', 'label'].map((name) => row[name]));
}

/** Returns the contents of the stored files with an extension, sorted. */
async function storedTexts(extension: string): Promise<string[]> {
  const names = await readdir(world.storage, { recursive: true });
  const texts = names
    .filter((name) => name.endsWith(extension))
    .map((name) => readFile(join(world.storage, name), 'utf8'));
  return (await Promise.all(texts)).sort();
}

it.each(Object.entries(FILES))(
  '%s is stored as its copy in UTF-8 by what init writes',
  async (name, [content, clean]) => {
    const [stem, extension] = name.split('.');
    await world.write(name, content);
    await world.write(`clean.${extension}`, clean);
    const rows = await rowsOf(name, stem!);
    expect(rows).toHaveLength(4);
    expect(JSON.stringify(rows)).toMatch(/Orléans|Łódź/);
    expect(rows).toEqual(await rowsOf(`clean.${extension}`, `${stem}_clean`));
  },
);

it('texts in windows-1252 are stored in UTF-8 by what init writes', async () => {
  await mkdir(join(world.folder, 'letters/texts'), { recursive: true });
  await world.write('letters/labels.csv', 'filename,left\na,no\nb,yes\nc,no\n');
  const texts = ['Grüße aus Köln', 'Nous étions à Nîmes', 'plain'];
  for (const [index, text] of texts.entries())
    await world.write(`letters/texts/${'abc'[index]!}.txt`, Buffer.from(text, 'latin1'));
  expect(await rowsOf('letters', 'letters')).toHaveLength(3);
  expect(await storedTexts('.txt')).toEqual(expect.arrayContaining(texts));
});

it('annotations that state their encoding are stored in UTF-8 by what init writes', async () => {
  await mkdir(join(world.folder, 'cars/images'), { recursive: true });
  await mkdir(join(world.folder, 'cars/annotations'), { recursive: true });
  await world.write('cars/labels.csv', 'filename,left\na.png,车\nb.png,人\n');
  const words: Readonly<Record<string, Buffer>> = { a: Buffer.from([0xb3, 0xb5]), b: Buffer.from([0xc8, 0xcb]) };
  for (const [stem, name] of Object.entries(words)) {
    await world.write(`cars/images/${stem}.png`, await sampleImages.png());
    const box = '<bndbox><xmin>8</xmin><ymin>8</ymin><xmax>40</xmax><ymax>40</ymax></bndbox>';
    const size = '<size><width>64</width><height>64</height><depth>3</depth></size>';
    const [before, after] = [
      `<?xml version="1.0" encoding="gb2312"?>\n<annotation><filename>${stem}.png</filename>${size}<object><name>`,
      `</name>${box}</object></annotation>\n`,
    ];
    await world.write(`cars/annotations/${stem}.xml`, Buffer.concat([Buffer.from(before), name, Buffer.from(after)]));
  }
  expect(await rowsOf('cars', 'cars')).toHaveLength(2);
  expect((await storedTexts('.xml')).map((text) => /<name>(.*)<\/name>/.exec(text)?.[1]).sort()).toEqual(['人', '车']);
});

it('init tells in JSON and on the terminal that two encodings fit', async () => {
  await world.write('guess.csv', Buffer.from('city,left\nGenève,no\nÜbersee,yes\nSão Paulo,no\nBern,yes\n', 'latin1'));
  const args = ['init', 'guess.csv', '--label', 'left'];
  const json = await world.run([...args, '--json', '--dry-run']);
  const doubt = 'The encoding windows-1252 is a guess; windows-1257 fits too, so check a few words.';
  expect(documentOf<InitResult>(json)).toMatchObject({ doubts: [doubt] });
  expect((await world.run(args)).stdout).toContain(doubt);
});
