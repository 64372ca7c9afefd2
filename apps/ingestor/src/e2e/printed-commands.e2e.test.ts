import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { start } from '@tracebloc/ingestor-testing/command';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-printed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
const run = (...args: string[]) => start(args, { env: {}, cwd: folder }).ended;

const SIZE = '<width>64</width><height>64</height><depth>3</depth>';
const annotation = (name: string, xmax: number) => {
  const box = `<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>${xmax}</xmax><ymax>9</ymax></bndbox>`;
  return `<annotation><filename>${name}.jpg</filename><size>${SIZE}</size><object><name>cat</name>${box}</object></annotation>\n`;
};
const CONFIG = ['apiVersion: tracebloc.io/v1', 'kind: IngestConfig', 'table: cats_train', 'intent: train'];

it('the option that a finding prints leads to the boxes that are right, whatever the names of the folders are', async () => {
  const image = await sampleImages.jpeg(64, 64);
  for (const [name, xmax] of [
    ['a', 70],
    ['b', 9],
  ] as const) {
    write(`my data/images/${name}.jpg`, image);
    write(`my data/annotations/${name}.xml`, annotation(name, xmax));
  }
  write('my data/labels.csv', 'filename,label\na.jpg,cat\nb.jpg,cat\n');
  const fields = ['category: object_detection', 'csv: labels.csv', 'label: label', 'target_size: [64, 64]'];
  const describe = (options: string) => {
    write('my data/ingest.yaml', [...CONFIG, ...fields, `spec: {file_options: {${options}}}`].join('\n'));
  };
  describe('extension: .jpg');
  const refused = await run('validate', 'my data/ingest.yaml');
  expect(refused).toMatchObject({ code: 3 });
  const [, option] = /`spec\.file_options\.([^`]*)`/.exec(refused.stdout)!;
  describe(`extension: .jpg, ${option!}`);
  const env = { CLIENT_ENV: 'local', STORAGE_PATH: join(folder, 'storage') };
  expect(await start(['ingest', 'my data/ingest.yaml'], { env, cwd: folder }).ended).toMatchObject({ code: 0 });
  for (const [name, xmax] of [
    ['a', 64],
    ['b', 9],
  ] as const) {
    const written = join(folder, 'storage', 'cats_train', name);
    expect(readFileSync(`${written}.xml`, 'utf8').replace(/[\n\t]/g, '')).toBe(annotation(name, xmax).trim());
    expect(readFileSync(`${written}.jpg`).equals(image)).toBe(true);
  }
});

it('a list of names is called so, and the table that the fix describes is read', async () => {
  for (const name of ['a1', 'a2']) write(`data/texts/${name}.txt`, `a text about ${name}\n`);
  write('data/split/train.txt', 'a1\na2\n');
  const fields = ['category: text_classification', 'label: label', 'texts: texts'];
  write('data/ingest.yaml', [...CONFIG, ...fields, 'csv: split/train.txt'].join('\n'));
  const refused = await run('validate', 'data/ingest.yaml');
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.stdout).toMatch(/1 error\n.*is a list of names, not a table with a header/);
  const [, header] = /such as `([\w,]+)`/.exec(refused.stdout)!;
  write('data/labels.csv', `${header}\na1,cat\na2,dog\n`);
  write('data/ingest.yaml', [...CONFIG, ...fields, 'csv: labels.csv'].join('\n'));
  expect(await run('validate', 'data/ingest.yaml')).toMatchObject({ code: 0 });
});

it('the file that describes a dataset for YOLO is called so, as a table and as a configuration', async () => {
  write('data/texts/a1.txt', 'a text\n');
  write('data/data.yaml', 'path: ../coco8\ntrain: images/train\nval: images/val\nnames:\n  0: person\n');
  const fields = ['category: text_classification', 'label: label', 'csv: data.yaml'];
  write('data/ingest.yaml', [...CONFIG, ...fields].join('\n'));
  const asTable = await run('validate', 'data/ingest.yaml');
  expect(asTable).toMatchObject({ code: 3 });
  expect(asTable.stdout).toContain('a YAML file that describes a dataset, such as the data.yaml of YOLO');
  const asConfig = await run('validate', 'data/data.yaml');
  expect(asConfig).toMatchObject({ code: 2 });
  expect(asConfig.stderr).toContain('describes a dataset for YOLO');
  expect(asConfig.stderr).toContain('ingestor init data');
});
