import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { createReport } from '@tracebloc/ingestor-dataset';
import { type FitRules, fitImage } from './fit.js';
import { type Box, type Fit, moveBox } from './geometry.js';
import { probeImage } from './image.js';
import { picture, pixelsOf, writeSidecar } from './picture.test-support.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const RULES: FitRules = { targetSize: [64, 48], fit: 'exact', quality: 95, chroma: '4:4:4', background: '#ffffff' };

async function fit(name: string, content: Uint8Array, rules: Partial<FitRules> = {}, isOnlyChecked = false) {
  const report = createReport();
  const image = await probeImage(writeSidecar(join(folder, name), content), { minSize: [1, 1], upright: true }, report);
  const fitted = image && (await fitImage(image, { ...RULES, ...rules }, report, isOnlyChecked));
  return { fitted, findings: report.findings().map(({ code }) => code) };
}

/** A red rectangle on blue, as PNG. */
function scene(width: number, height: number, { xmin, ymin, xmax, ymax }: Box): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3, Buffer.from([30, 30, 220]));
  for (let y = ymin; y < ymax; y++)
    data.fill(Buffer.from([220, 30, 30]), (y * width + xmin) * 3, (y * width + xmax) * 3);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

describe('an image that is as wanted is not encoded', () => {
  it.each<[string, () => Promise<Buffer>]>([
    ['a.jpg', () => picture().jpeg({ quality: 40 }).toBuffer()],
    ['a.png', () => picture().png().toBuffer()],
    ['grey.jpg', () => picture(64, 48, 1).toColourspace('b-w').jpeg().toBuffer()],
  ])('%s', async (name, make) => {
    for (const way of ['exact', 'stretch', 'contain', 'cover'] as const) {
      const { fitted, findings } = await fit(name, await make(), { fit: way });
      expect(fitted).toMatchObject({ placement: { inner: { width: 64, height: 48 }, left: 0, top: 0 } });
      expect(fitted).not.toHaveProperty('content');
      expect(findings).toEqual([]);
    }
  });

  it('and one that is not whole is reported, whether it is encoded or not', async () => {
    const whole = await picture().png({ compressionLevel: 0 }).toBuffer();
    const cut = Buffer.concat([whole.subarray(0, 4000), whole.subarray(-12)]);
    for (const targetSize of [
      [64, 48],
      [32, 24],
    ] as const) {
      for (const isOnlyChecked of [true, false]) {
        const { fitted, findings } = await fit('a.png', cut, { fit: 'stretch', targetSize }, isOnlyChecked);
        expect([fitted, findings]).toEqual([undefined, ['broken-image']]);
      }
    }
  });
});

describe('an image that is turned, has a palette or another size', () => {
  it('is turned upright', async () => {
    const content = await picture(48, 64).withMetadata({ orientation: 6 }).png().toBuffer();
    const { fitted } = await fit('a.png', content);
    const upright = await sharp(content).autoOrient().raw().toBuffer();
    const { data, width, height } = await pixelsOf(fitted!.content!);
    expect([width, height]).toEqual([64, 48]);
    expect(data.equals(upright)).toBe(true);
    expect((await sharp(fitted!.content).metadata()).orientation).toBeUndefined();
  });

  it('has its colours instead of indices', async () => {
    const { fitted } = await fit('a.png', await picture().png({ palette: true }).toBuffer());
    expect(await sharp(fitted!.content).metadata()).toMatchObject({ isPalette: false, channels: 3 });
  });

  it('is encoded at the stated quality and chroma', async () => {
    const content = await picture(128, 96).jpeg().toBuffer();
    const fine = (await fit('a.jpg', content, { fit: 'stretch' })).fitted!.content!;
    const coarse = (await fit('a.jpg', content, { fit: 'stretch', quality: 50, chroma: '4:2:0' })).fitted!.content!;
    expect((await sharp(fine).metadata()).chromaSubsampling).toBe('4:4:4');
    expect((await sharp(coarse).metadata()).chromaSubsampling).toBe('4:2:0');
    expect(coarse.length).toBeLessThan(fine.length / 2);
  });
});

describe('a box has the pixels that it had before', () => {
  const box = { xmin: 100, ymin: 60, xmax: 300, ymax: 110 };
  const cases = (['stretch', 'contain', 'cover'] satisfies Fit[]).flatMap((way) =>
    (
      [
        [64, 48],
        [501, 97],
        [97, 501],
        [640, 480],
      ] as const
    ).map((targetSize) => ({ way, targetSize })),
  );
  it.each(cases)('%j', async ({ way, targetSize }) => {
    const { fitted } = await fit('a.png', await scene(400, 200, box), { fit: way, targetSize });
    const { data, width, height } = await pixelsOf(fitted!.content!);
    expect([width, height]).toEqual(targetSize);
    const moved = moveBox(box, fitted!.placement)!;
    const isRed = (x: number, y: number) => data[(y * width + x) * 3]! > 125;
    let wrong = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const distances = [x - moved.xmin, moved.xmax - 1 - x, y - moved.ymin, moved.ymax - 1 - y];
        // At the edges the pixels are mixed.
        if (isRed(x, y) !== Math.min(...distances) >= 0 && Math.abs(Math.min(...distances)) > 1) wrong++;
      }
    }
    expect(wrong).toBe(0);
  });
});
