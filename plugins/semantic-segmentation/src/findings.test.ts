import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { TaskInput } from '@tracebloc/ingestor-conformance';
import { colourPng, halves, maskPng, pairs, read, valuesOf, type Picture } from './scene.test-support.js';

const mask = maskPng(halves());
const good = () => pairs({ a: mask, b: mask });
const codes = async (files: Record<string, Uint8Array>, input?: Partial<TaskInput>) => {
  const { report } = await read(files, input);
  return report.findings().map(({ code, file, row, value, fix }) => ({ code, file, row, value, fix }));
};

describe('the column mask_id', () => {
  it('is filled in', async () => {
    const manifest = 'filename,mask_id,kind\na,,oak\nb,b_mask,oak\n';
    expect(await codes(await good(), { manifest })).toMatchObject([{ code: 'missing-partner-name', row: 2 }]);
    expect(await codes(await good(), { manifest: 'filename,kind\na,oak\nb,oak\n' })).toMatchObject([
      { code: 'missing-column' },
    ]);
  });

  it('names the mask of the image of its row', async () => {
    const manifest = 'filename,mask_id,kind\na,b_mask,oak\nb,b_mask,oak\n';
    const { report } = await read(await good(), { manifest });
    expect(report.findings()).toMatchObject([
      { code: 'other-partner-name', row: 2, value: 'b_mask', expected: 'a_mask or a_mask.png' },
    ]);
  });
});

describe('images and masks', () => {
  it('belong together in both directions', async () => {
    const { 'masks/a_mask.png': _, ...files } = await good();
    const more = { ...files, 'masks/c_mask.png': mask };
    expect(await codes(more)).toMatchObject([
      { code: 'unpaired-file', file: 'images/a.png' },
      { code: 'unpaired-file', file: 'masks/c_mask.png' },
    ]);
  });

  it('are renamed as the fix says if a mask has the name of its image', async () => {
    const { 'masks/a_mask.png': _, ...files } = await good();
    const found = await codes({ ...files, 'masks/a.png': mask });
    expect(found.map(({ file, fix }) => [file, fix])).toEqual([
      ['images/a.png', 'Rename the partner to a_mask.png.'],
      ['masks/a.png', 'Rename the file to a_mask.png, which its partner expects.'],
    ]);
  });

  it('have the same size', async () => {
    const files = await pairs({ a: maskPng(halves(0, 1, 32, 30)) });
    expect(await codes(files)).toMatchObject([{ code: 'mask-size', file: 'masks/a_mask.png', value: '32x30' }]);
  });

  it('have the size of the target unless they are fitted', async () => {
    expect(await codes(await good(), { fields: { target_size: [64, 64] } })).toMatchObject([
      { code: 'wrong-size', file: 'images/a.png' },
      { code: 'wrong-size', file: 'images/b.png' },
    ]);
  });
});

describe('a mask of colours', () => {
  const clean = halves(0, 3);
  const findingOf = async (content: Buffer) => {
    const { report } = await read(await pairs({ a: content }));
    const [{ code, message, value, fix }, ...others] = report.findings() as [never, ...never[]];
    expect(others).toEqual([]);
    expect(code).toBe('not-a-mask');
    return { message, value, fix } as { message: string; value?: string; fix: string };
  };
  /** What `convert("L")` of Pillow does: the rounded weighted sum of the channels. */
  const toGrey = async (content: Buffer): Promise<Picture> => {
    const { data, info } = await sharp(content).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const at = (pixel: number, channel: number) => data[pixel * 3 + channel]! * [19_595, 38_470, 7_471][channel]!;
    const values = Array.from({ length: info.width * info.height }, (_, pixel) => {
      return (at(pixel, 0) + at(pixel, 1) + at(pixel, 2) + 0x8000) >> 16;
    });
    return { width: info.width, height: info.height, values };
  };

  it('whose channels are alike becomes right by the conversion that the fix names', async () => {
    const content = await colourPng(clean);
    const { message, fix } = await findingOf(content);
    expect(message).toContain('all alike');
    expect(fix).toContain('convert("L")');
    const repaired = maskPng(await toGrey(content));
    expect(await valuesOf(repaired)).toEqual(clean);
    expect(await codes(await pairs({ a: repaired }))).toEqual([]);
  });

  it('of a few colours is right once each has the number of its class', async () => {
    const colours = [
      [0, 0, 0],
      [128, 0, 0],
      [0, 128, 0],
      [192, 128, 0],
    ];
    const raw = { width: 32, height: 32, channels: 3 as const };
    const content = await sharp(Uint8Array.from(clean.values.flatMap((value) => colours[value]!)), { raw })
      .png({ palette: false })
      .toBuffer();
    const { message, value, fix } = await findingOf(content);
    expect(message).toContain('picture in colours');
    expect(value).toBe('#000000, #c08000');
    expect(fix).toContain('number of its class in place of each colour');
    const { data } = await sharp(content).raw().toBuffer({ resolveWithObject: true });
    const values = Array.from({ length: 1024 }, (_, pixel) => {
      return colours.findIndex((colour) => colour.every((sample, at) => data[pixel * 3 + at] === sample));
    });
    expect({ ...clean, values }).toEqual(clean);
    expect(await codes(await pairs({ a: maskPng({ ...clean, values }) }))).toEqual([]);
  });

  it('of many colours is a picture', async () => {
    const noise = Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => (at * 37 + (at >> 5) * 11) & 0xff);
    const raw = { width: 32, height: 32, channels: 3 as const };
    const { message, fix } = await findingOf(await sharp(noise, { raw }).png({ palette: false }).toBuffer());
    expect(message).toContain('more than 64 colours');
    expect(fix).toContain('without smoothing');
  });

  it('that has an alpha channel loses it first', async () => {
    const content = await sharp(await colourPng(clean))
      .ensureAlpha()
      .png({ palette: false })
      .toBuffer();
    const { fix } = await findingOf(content);
    expect(fix).toMatch(/^Remove the alpha channel\. Save the mask in grey/);
    expect(await valuesOf(maskPng(await toGrey(content)))).toEqual(clean);
  });

  it('that is a JPEG is not taken', async () => {
    const jpeg = await sharp(await colourPng(clean))
      .jpeg()
      .toBuffer();
    expect(await codes(await pairs({ a: jpeg }))).toMatchObject([{ code: 'not-a-mask' }]);
  });
});

describe('values', () => {
  it('that no class has are errors if classes are declared', async () => {
    const files = await pairs({ a: maskPng(halves(0, 7)) });
    const fields = { classes: ['background', 'leaf'] };
    expect(await codes(files, { fields })).toMatchObject([
      { code: 'unknown-class', file: 'masks/a_mask.png', value: '7 (512 px)' },
      { code: 'class-without-pixels', value: 'leaf' },
    ]);
    expect(await codes(files, { fields: { classes: { 7: 'leaf' } } })).toEqual([]);
  });

  it('are counted from the background on, as the fix of a list without it says', async () => {
    const files = await pairs({ a: maskPng(halves(0, 2)), b: maskPng(halves(0, 1)) });
    const [first, ...others] = await codes(files, { fields: { classes: ['leaf', 'stem'] } });
    expect(others).toEqual([]);
    expect(first!.fix).toContain('If its list has no name for 0, the background, put one first.');
    expect(await codes(files, { fields: { classes: ['background', 'leaf', 'stem'] } })).toEqual([]);
  });

  it('of 255 are ignored, as the fix says', async () => {
    const edge = { ...halves(0, 1), values: halves(0, 1).values.map((value, at) => (at < 32 ? 255 : value)) };
    const files = await pairs({ a: maskPng(edge) });
    const classes = ['background', 'leaf'];
    const [finding] = await codes(files, { fields: { classes } });
    expect(finding).toMatchObject({ code: 'unknown-class', value: '255 (32 px)' });
    expect(finding!.fix).toContain('set `ignore: 255`');
    expect(await codes(files, { fields: { classes, ignore: 255 } })).toEqual([]);
  });

  it('of smoothed edges are to be exported again', async () => {
    const smooth = { ...halves(), values: halves().values.map((_, at) => at % 40) };
    const [finding] = await codes(await pairs({ a: maskPng(smooth) }), { fields: { classes: ['background', 'leaf'] } });
    expect(finding!.fix).toContain('without smoothing');
    expect(finding!.value).toMatch(/^2 \(26 px\), .*, 34 more$/);
  });

  it('that are all the same are a warning, and so are those that are all ignored', async () => {
    const files = await pairs({ a: maskPng(halves(0, 0)), b: maskPng(halves(0, 255)), c: maskPng(halves(255, 255)) });
    expect(await codes(files, { fields: { ignore: 255 } })).toMatchObject([
      { code: 'one-value-mask', file: 'masks/a_mask.png', value: '0' },
      { code: 'one-value-mask', file: 'masks/b_mask.png', value: '0' },
      { code: 'one-value-mask', file: 'masks/c_mask.png', value: '255' },
    ]);
  });

  it('that a class has and no mask are a warning, unless a mask could not be read', async () => {
    const fields = { classes: ['background', 'leaf', 'stem'] };
    expect(await codes(await good(), { fields })).toMatchObject([{ code: 'class-without-pixels', value: 'stem' }]);
    const files = await pairs({ a: mask, b: mask.subarray(0, 60) });
    expect((await codes(files, { fields })).map(({ code }) => code)).not.toContain('class-without-pixels');
  });
});

it('a mask that is cut off is broken, and its image is still examined', async () => {
  const files = await pairs({ a: mask.subarray(0, 70) });
  expect(await codes(files)).toMatchObject([{ code: 'broken-image', file: 'masks/a_mask.png' }]);
});
