import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { resolveOptions } from '@tracebloc/ingestor-contract';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { imageClassification } from './classification.js';

const good = await sampleImages.jpeg();

/** Reads a dataset of two valid images, a and b, and what the test adds. */
async function run(input: Partial<TaskInput> & { rows?: string } = {}) {
  const { rows = '', files, fileOptions, fields, ...rest } = input;
  return readTask(imageClassification, {
    manifest: `filename,label\na,cat\nb.jpg,dog\n${rows}`,
    label: 'label',
    fields: { target_size: [64, 64], ...fields },
    fileOptions: { extension: '.jpg', ...fileOptions },
    files: { 'images/a.jpg': good, 'images/b.jpg': good, ...files },
    ...rest,
  });
}

describe('records', () => {
  it('name their file with or without its extension, and have it', async () => {
    const { records, found } = await run();
    expect(found).toEqual([]);
    expect(records).toEqual([
      expect.objectContaining({
        row: 2,
        label: 'cat',
        filename: 'a',
        extension: '.jpg',
        files: [
          {
            source: expect.stringMatching(/\/images\/a\.jpg$/),
            within: expect.stringMatching(/\/images$/),
            target: 'a.jpg',
          },
        ],
      }),
      expect.objectContaining({ row: 3, label: 'dog', filename: 'b', extension: '.jpg' }),
    ]);
  });

  it('hold the columns of a schema', async () => {
    const { records } = await run({
      manifest: 'filename,label,age\na,cat,3\nb,dog,\n',
      schema: { age: 'INT' },
    });
    expect(records.map(({ values }) => values)).toEqual([['3'], [null]]);
  });

  it('accept names with spaces, umlauts and dots, and an upper-case extension', async () => {
    const names = ['two words', 'Zürich', 'photo.2024', 'LOUD'];
    const files = Object.fromEntries(names.map((name) => [`images/${name}.${name === 'LOUD' ? 'JPG' : 'jpg'}`, good]));
    const { records, found } = await run({ rows: names.map((name) => `${name},cat\n`).join(''), files });
    expect(found).toEqual([]);
    expect(
      records.slice(2).map(({ filename, extension, files: [file] }) => [filename, extension, file!.target]),
    ).toEqual(names.map((name) => [name, '.jpg', `${name}.jpg`]));
  });

  it('stay in the order of the rows, and so do findings, although files are checked in parallel', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `f${index},${index % 2 ? 'cat' : 'dog'}\n`);
    const large = await sampleImages.jpeg(700, 700);
    const small = await sampleImages.jpeg(40, 40);
    const files = Object.fromEntries(rows.map((_, index) => [`images/f${index}.jpg`, index % 3 ? small : large]));
    const { records, report } = await run({ manifest: `filename,label\n${rows.join('')}`, files });
    expect(records.map(({ filename }) => filename)).toEqual(rows.map((_, index) => `f${index}`));
    expect(
      report
        .findings()
        .map(({ file }) => file)
        .slice(0, 60),
    ).toEqual(rows.map((_, index) => `images/f${index}.jpg`));
  });

  it('are two for two rows that name one file, with a warning, and the file is checked once', async () => {
    const { records, report } = await run({
      rows: 'c,cat\nc,dog\n',
      files: { 'images/c.jpg': await sampleImages.truncated() },
    });
    expect(records).toHaveLength(4);
    expect(report.totals()).toEqual([
      { code: 'broken-image', severity: 'error', total: 1 },
      { code: 'repeated-file', severity: 'warning', total: 1 },
    ]);
  });
});

describe('an image is refused that', () => {
  const cases: [string, () => Promise<Uint8Array> | Uint8Array, string, object][] = [
    ['has no bytes', () => Buffer.alloc(0), 'zero-byte-file', { file: 'images/bad.jpg' }],
    ['is cut off', () => sampleImages.truncated(), 'broken-image', { file: 'images/bad.jpg' }],
    ['is a PNG', () => sampleImages.png(), 'format-mismatch', { expected: 'jpeg' }],
    ['is a GIF', () => sampleImages.gif(), 'not-an-image', { message: 'The content is GIF.' }],
    ['is text', () => Buffer.from('hello'), 'not-an-image', { message: 'The content is not an image.' }],
    ['is an SVG', () => Buffer.from('<svg/>'), 'not-an-image', { message: 'The content is markup, as SVG or HTML.' }],
    ['is CMYK', () => sampleImages.cmyk(), 'color-channels', { value: 'CMYK', expected: 'grey or RGB' }],
    ['is of another size', () => sampleImages.jpeg(64, 65), 'wrong-size', { value: '64x65', expected: '64x64' }],
    ['is too small', () => sampleImages.jpeg(31, 64), 'too-small', { value: '31x64', expected: 'at least 32x32' }],
  ];
  it.each(cases)('%s', async (_, make, code, details) => {
    const { report } = await run({ rows: 'bad,cat\n', files: { 'images/bad.jpg': await make() } });
    const findings = report.findings().filter((finding) => finding.code !== 'mixed-sizes');
    expect(findings).toEqual([expect.objectContaining({ code, severity: 'error', ...details })]);
  });

  it.each([
    ['has 16 bits', sampleImages.png16, 'bit-depth', { value: '16 bit', expected: '8 bit' }],
    ['has alpha', sampleImages.alpha, 'color-channels', { value: 'RGB with alpha' }],
    ['claims more pixels than are allowed', sampleImages.bomb, 'too-many-pixels', { value: '20000x20000' }],
  ])('%s (PNG)', async (_, make, code, details) => {
    const { report } = await run({
      manifest: 'filename,label\na,cat\nb,dog\nbad,cat\n',
      fileOptions: { extension: '.png' },
      files: {
        'images/a.png': await sampleImages.png(),
        'images/b.png': await sampleImages.png(),
        'images/bad.png': await make(),
      },
    });
    const errors = report.findings().filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([expect.objectContaining({ code, file: 'images/bad.png', ...details })]);
  });

  it.each([0.05, 0.3, 0.6, 0.9, 0.99])('was cut off at %d of a large file', async (fraction) => {
    const { found } = await run({
      rows: 'bad,cat\n',
      files: { 'images/bad.jpg': await sampleImages.truncated(fraction, 640, 640) },
      fields: { target_size: [64, 64] },
    });
    expect(found.map(([code]) => code)).toContain('broken-image');
  });

  it('has several errors, with all of them', async () => {
    const { found } = await run({ rows: 'bad,cat\n', files: { 'images/bad.jpg': await sampleImages.cmyk(16, 16) } });
    expect(found.map(([code]) => code)).toEqual(['too-small', 'color-channels', 'mixed-sizes']);
  });
});

describe('a name is refused that', () => {
  it.each([
    ['is missing', 'gone', 'missing-file'],
    ['is empty', '', 'missing-filename'],
    ['leads out', '../../etc/passwd', 'unsafe-filename'],
    ['is absolute', '/etc/passwd', 'unsafe-filename'],
    ['does not have the extension of the dataset', 'other.png', 'wrong-extension'],
  ])('%s', async (_, name, code) => {
    const { report } = await run({
      rows: `${name},cat\n`,
      files: { 'images/other.png': await sampleImages.png() },
      fileOptions: { extension: '.jpg' },
    });
    expect(report.findings()[0]).toMatchObject({ code, row: 4, column: 'filename', file: 'data', value: name });
  });

  it('is a link out of the folder', async () => {
    const { found } = await run({
      rows: 'link,cat\n',
      prepare: (root) => {
        writeFileSync(join(root, 'outside.jpg'), good);
        symlinkSync(join(root, 'outside.jpg'), join(root, 'images', 'link.jpg'));
      },
    });
    expect(found).toEqual([['unsafe-filename', 4, 'filename']]);
  });
});

describe('a warning is reported', () => {
  it('of files that no row names', async () => {
    const { report } = await run({ files: { 'images/extra.jpg': good } });
    expect(report.findings()).toEqual([
      expect.objectContaining({ code: 'unnamed-file', severity: 'warning', file: 'images/' }),
    ]);
    expect(report.findings()[0]!.message).toContain('extra.jpg');
  });

  it('of an image that is stored turned', async () => {
    const { report } = await run({ rows: 'c,cat\n', files: { 'images/c.jpg': await sampleImages.turned(6) } });
    expect(report.findings()).toEqual([
      expect.objectContaining({ code: 'exif-orientation', severity: 'warning', value: '6', file: 'images/c.jpg' }),
    ]);
  });
});

it('accepts grey and progressive images, with the default options', async () => {
  const { found } = await readTask(imageClassification, {
    manifest: 'filename,label\na,cat\nb,dog\n',
    label: 'label',
    files: {
      'images/a.jpeg': await sampleImages.grey(256, 256),
      'images/b.jpeg': await sampleImages.progressive(256, 256),
    },
  });
  expect(found).toEqual([]);
});

it('sends the options of the files as metadata', () => {
  const options = resolveOptions(imageClassification, {
    fields: { target_size: [9, 9] },
    fileOptions: { target_size: [8, 8] },
  });
  expect(imageClassification.metadata(options, [])).toEqual({
    file_options: { target_size: [8, 8], extension: '.jpeg', min_size: [32, 32] },
  });
});
