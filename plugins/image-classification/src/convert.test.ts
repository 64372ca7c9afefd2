import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { JsonValue } from '@tracebloc/ingestor-contract';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { imageClassification } from './classification.js';

/** Two grey halves, so that what is cut off or padded can be seen. */
const halves = (width: number, height: number) =>
  sharp(
    Uint8Array.from({ length: width * height }, (_, at) => (at % width < width / 2 ? 60 : 200)),
    { raw: { width, height, channels: 1 } },
  );

type Files = Record<string, Uint8Array>;

function run(files: Files, fileOptions: TaskInput['fileOptions'] = {}, more: Partial<TaskInput> = {}) {
  const names = Object.keys(files);
  const rows = names.map((name, index) => `${name},${index % 2 ? 'cat' : 'dog'}\n`);
  return readTask(imageClassification, {
    manifest: `filename,label\n${rows.join('')}`,
    label: 'label',
    fields: { target_size: [64, 64] },
    fileOptions: { extension: '.png', ...fileOptions },
    files: Object.fromEntries(names.map((name) => [`images/${name}`, files[name]!])),
    ...more,
  });
}

const good = await sampleImages.png();
const wide = await halves(128, 64).toColourspace('b-w').png().toBuffer();

describe('fit', () => {
  /** Returns the grey of some columns, in the middle of the height. */
  const columns = async (image: Uint8Array, at: number[], y = 32) => {
    const { data, info } = await sharp(image).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    return at.map((x) => data[y * info.width + x]);
  };

  it.each([
    ['stretch', 32, [60, 60, 200, 200]],
    ['contain', 32, [60, 60, 200, 200]],
    ['contain', 8, [0, 0, 0, 0]],
    ['cover', 32, [60, 60, 200, 200]],
  ])('%s at row %d', async (fit, y, expected) => {
    const { records, found } = await run({ 'a.png': wide, 'b.png': good }, { fit });
    expect(found).toEqual([]);
    const [file] = records[0]!.files;
    expect(await sharp(file!.content).metadata()).toMatchObject({ width: 64, height: 64, channels: 1 });
    expect(await columns(file!.content!, [2, 24, 40, 61], y)).toEqual(expected);
    expect(records[1]!.files[0]!.content).toBeUndefined();
  });

  it('is what the fix of a wrong size names, and the sizes are listed', async () => {
    const files = { 'a.png': wide, 'b.png': good, 'c.png': good };
    const { report } = await run(files);
    const [wrong, mixed, ...others] = report.findings();
    expect(others).toEqual([]);
    expect(wrong).toMatchObject({ code: 'wrong-size', file: 'images/a.png', value: '128x64' });
    expect(mixed).toMatchObject({ code: 'mixed-sizes', file: 'images/a.png', value: '128x64' });
    expect(mixed!.message).toBe('The images have 2 sizes: 64x64 (2 images), 128x64 (1, images/a.png).');
    const ways = [...wrong!.fix.matchAll(/`(contain|cover|stretch)`/g)].map(([, way]) => way!);
    expect(ways).toHaveLength(3);
    for (const fit of ways) expect((await run(files, { fit })).found).toEqual([]);
  });

  it('gives a file that two rows name the same content twice', async () => {
    const manifest = 'filename,label\na,cat\na,dog\n';
    const { records } = await run({ 'a.png': wide }, { fit: 'cover' }, { manifest });
    const [first, second] = records.map(({ files }) => files[0]!.content);
    expect(first).toBeDefined();
    expect(second).toEqual(first);
  });

  it('writes nothing when no files are wanted, with the same findings', async () => {
    const files = { 'a.png': wide, 'b.png': await sampleImages.truncated() };
    const options = { fit: 'stretch', convert: true };
    const [check, written] = [await run(files, options, { wantsFiles: false }), await run(files, options)];
    expect(check.report.findings()).toEqual(written.report.findings());
    expect(check.records.flatMap(({ files }) => files.map(({ content }) => content))).toEqual([undefined, undefined]);
  });
});

describe('convert: true', () => {
  const rgb = () => sharp({ create: { width: 64, height: 64, channels: 3, background: '#3060a0' } });
  const cases: [string, () => Promise<Uint8Array>, string][] = [
    ['x.webp', () => rgb().webp({ lossless: true }).toBuffer(), 'wrong-extension'],
    ['x.tiff', () => rgb().tiff({ compression: 'lzw' }).toBuffer(), 'wrong-extension'],
    ['x.gif', () => rgb().gif().toBuffer(), 'wrong-extension'],
    ['x.jpg', () => rgb().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), 'wrong-extension'],
    ['webp.png', () => rgb().webp({ lossless: true }).toBuffer(), 'not-an-image'],
    ['jpeg.png', () => rgb().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), 'format-mismatch'],
    ['deep.png', () => rgb().toColourspace('rgb16').png().toBuffer(), 'bit-depth'],
    ['alpha.png', () => rgb().ensureAlpha().png().toBuffer(), 'color-channels'],
  ];

  it.each(cases)('makes of %s what the dataset has, as the fix of its error says', async (name, make, code) => {
    const files = { 'a.png': good, 'b.png': good, [name]: await make() };
    const { report } = await run(files);
    const errors = report.findings().filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code, severity: 'error' }]);
    const [, option, value] = /`spec\.file_options\.(\w+): (\w+)`/.exec(errors[0]!.fix)!;
    const fixed = await run(files, { [option!]: JSON.parse(value!) as JsonValue });
    expect(fixed.report.totals()).toEqual([{ code: 'converted-image', severity: 'warning', total: 1 }]);
    const { filename, extension, files: stored } = fixed.records[2]!;
    expect([filename, extension, stored[0]!.target]).toEqual([name.split('.')[0], '.png', `${filename}.png`]);
    const { data, info } = await sharp(stored[0]!.content).raw().toBuffer({ resolveWithObject: true });
    expect([info.format, info.width, info.height, info.channels]).toEqual(['raw', 64, 64, 3]);
    for (const [at, expected] of [0x30, 0x60, 0xa0].entries()) expect(Math.abs(data[at]! - expected)).toBeLessThan(3);
    expect(fixed.records[0]!.files[0]!.content).toBeUndefined();
  });

  it('turns photos upright, and tells it', async () => {
    const turned = await sampleImages.turned(6, 64, 64);
    const files = { 'a.jpg': await sampleImages.jpeg(), 'b.jpg': turned };
    const { report, records } = await run(files, { extension: '.jpg', convert: true });
    expect(report.findings()).toMatchObject([
      { code: 'converted-image', message: '1 image was converted: 1 turned by their EXIF data, now upright.' },
    ]);
    const { orientation = 1 } = await sharp(records[1]!.files[0]!.content).metadata();
    expect(orientation).toBe(1);
  });

  it('takes names without extension, but not two files that would have one name', async () => {
    const webp = await rgb().webp().toBuffer();
    const options = { convert: true };
    const one = await run({ 'a.png': good, 'b.webp': webp }, options, { manifest: 'filename,label\na,x\nb,y\n' });
    expect(one.records.map(({ filename, extension }) => [filename, extension])).toEqual([
      ['a', '.png'],
      ['b', '.png'],
    ]);
    const two = await run({ 'a.png': good, 'b.png': good, 'b.webp': webp }, options);
    expect(two.found.map(([code, row]) => [code, row])).toEqual([
      ['ambiguous-filename', 3],
      ['ambiguous-filename', 4],
    ]);
  });
});
