import { expect, it } from '@jest/globals';
import { colourPng, greyOf, halves, maskPng, pairs, read, valuesOf } from './scene.test-support.js';

const mask = maskPng(halves());

it('makes a record of each row, which brings its image and its mask under their names', async () => {
  const files = await pairs({ a: mask, b: mask });
  const manifest = 'filename,mask_id,kind\na,a_mask,oak\nb.png,b_mask.PNG,birch\n';
  const { records, found } = await read(files, { manifest });
  expect(found).toEqual([]);
  expect(records.map(({ label, filename, extension, values }) => [label, filename, extension, ...values])).toEqual([
    ['oak', 'a', '.png', 'a_mask'],
    ['birch', 'b', '.png', 'b_mask.PNG'],
  ]);
  // They are stored as they are.
  expect(records.map((record) => record.files.map(({ target, content }) => [target, content]))).toEqual([
    [
      ['a.png', undefined],
      ['a_mask.png', undefined],
    ],
    [
      ['b.png', undefined],
      ['b_mask.png', undefined],
    ],
  ]);
});

it.each([1, 2, 4])('stores a mask in grey of %i bits with 8 bits, which programs do not scale', async (bits) => {
  const { records, found } = await read(await pairs({ a: maskPng(halves(0, 1), { bits }) }));
  expect(found).toEqual([]);
  const { content } = records[0]!.files[1]!;
  expect(await greyOf(content!)).toEqual(halves(0, 1));
});

it.each([
  [1, true],
  [4, true],
  [8, true],
  [16, false],
])('stores a mask of %i bits as it is if it has a palette or at least 8 bits', async (bits, palette) => {
  const { records, found } = await read(await pairs({ a: maskPng(halves(0, 1), { bits, palette }) }));
  expect(found).toEqual([]);
  expect(records[0]!.files[1]!.content).toBeUndefined();
});

it('brings an image and its mask to the target, pads the mask with what is ignored, and keeps the names', async () => {
  const files = {
    'images/wide.png': await colourPng(halves(0, 1, 64, 32), 200),
    'masks/wide_mask.png': maskPng(halves(0, 1, 64, 32)),
  };
  const fileOptions = { fit: 'contain' };
  const { records, found } = await read(files, { fields: { ignore: 255 }, fileOptions });
  expect(found).toEqual([]);
  const [image, moved] = records[0]!.files;
  expect([image!.target, moved!.target]).toEqual(['wide.png', 'wide_mask.png']);
  const { values, ...size } = await valuesOf(moved!.content!);
  expect(size).toEqual({ width: 32, height: 32 });
  const rowOf = (y: number) => values[y * 32];
  expect([0, 7, 8, 15, 16, 23, 24, 31].map(rowOf)).toEqual([255, 255, 0, 0, 1, 1, 255, 255]);
  const background = await read(files, { fileOptions });
  expect((await valuesOf(background.records[0]!.files[1]!.content!)).values[0]).toBe(0);
});

it('gives the files again to a further row that names them, with a warning', async () => {
  const manifest = 'filename,mask_id,kind\na,a_mask,oak\na,a_mask,oak\n';
  const { records, found } = await read(await pairs({ a: maskPng(halves(0, 1), { bits: 1 }) }), { manifest });
  expect(found).toEqual([['repeated-file', 3, 'filename']]);
  expect(records[1]!.files).toEqual(records[0]!.files);
});

it('turns a mask of the stored size with its image, and says so', async () => {
  const stored = halves(0, 1, 32, 16);
  const image = await colourPng(stored, 200);
  const { default: sharp } = await import('sharp');
  const turned = await sharp(image).withMetadata({ orientation: 6 }).png().toBuffer();
  const input = { fields: { target_size: [16, 32] }, fileOptions: { min_size: [8, 8] } };
  const { records, found, report } = await read({ 'images/a.png': turned, 'masks/a_mask.png': maskPng(stored) }, input);
  expect(found.map(([code]) => code)).toEqual(['exif-orientation']);
  expect(report.findings()[0]!.message).toContain('turned together');
  const [written, moved] = records[0]!.files;
  const { values, ...size } = await greyOf(written!.content!);
  expect(size).toEqual({ width: 16, height: 32 });
  // What was above is on the right.
  expect((await valuesOf(moved!.content!)).values).toEqual(values.map((value) => (value > 100 ? 1 : 0)));
});
