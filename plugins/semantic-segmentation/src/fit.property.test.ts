import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { greyOf, maskPng, read, valuesOf } from './scene.test-support.js';

/** Values that differ by more than an encoder or a scaling in whole steps changes a grey. */
const VALUES = 4;
const SCALE = 60;

const scene = fc
  .record({
    columns: fc.integer({ min: 1, max: 5 }),
    rows: fc.integer({ min: 1, max: 5 }),
    /** The pixels of a cell of the picture, and of the target, along one side. */
    cell: fc.integer({ min: 4, max: 7 }),
    targetCell: fc.constantFrom(5, 7, 9),
    padX: fc.integer({ min: 0, max: 3 }),
    padY: fc.integer({ min: 0, max: 3 }),
    orientation: fc.integer({ min: 1, max: 8 }),
    isStored: fc.boolean(),
    palette: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1 << 20 }),
  })
  .map((one) => ({ ...one, padX: one.padX * 2, padY: one.padY * 2 }));

it('an image and its mask stay aligned, pixel by pixel, however they are fitted and turned', async () => {
  await fc.assert(
    fc.asyncProperty(
      scene,
      fc.constantFrom('contain' as const, 'cover' as const, 'stretch' as const),
      async (one, fit) => {
        const { columns, rows, cell, targetCell, padX, padY, orientation, palette } = one;
        const [width, height] = [columns * cell, rows * cell];
        const values = Array.from({ length: width * height }, (_, at) => {
          const [x, y] = [Math.floor((at % width) / cell), Math.floor(Math.floor(at / width) / cell)];
          return ((x * 7 + y * 13 + one.seed) * 2_654_435_761) % VALUES;
        });
        const raw = { width, height, channels: 1 as const };
        const stored = await sharp(
          Uint8Array.from(values, (value) => value * SCALE + 20),
          { raw },
        )
          .toColourspace('b-w')
          .withMetadata({ orientation })
          .png()
          .toBuffer();
        const isTurned = orientation >= 5;
        // The mask is drawn over the image as it is shown, or over its stored pixels if their size tells that.
        const isStored = one.isStored && isTurned && width !== height;
        const shown = await greyOf(await sharp(stored).autoOrient().png().toBuffer());
        const upright = { ...shown, values: shown.values.map((grey) => Math.round((grey - 20) / SCALE)) };
        const mask = maskPng(isStored ? { width, height, values } : upright, { palette });
        const [across, along] = isTurned ? [rows, columns] : [columns, rows];
        // What is beside the picture with `contain`, or cut off with `cover`, on the longer side.
        const sign = { contain: 1, cover: across > 1 || along > 1 ? -1 : 0, stretch: 0 }[fit];
        const isAcross = fit === 'contain' ? across <= along : across > along;
        const [pad, padded] = isAcross ? [sign * padX, 0] : [0, sign * padY];
        const target = [across * targetCell + pad, along * targetCell + padded];
        const { records, report } = await read(
          { 'images/a.png': stored, 'masks/a_mask.png': mask },
          { fields: { target_size: target, ignore: 255 }, fileOptions: { fit, min_size: [1, 1] } },
        );
        expect(report.errors).toBe(0);
        const [image, moved] = records[0]!.files;
        const written = await greyOf(image!.content ?? stored);
        const index = await valuesOf(moved!.content ?? mask);
        expect([written.width, written.height]).toEqual(target);
        expect([index.width, index.height]).toEqual(target);
        // Black is the padding of the image.
        const seen = written.values.map((grey) => (grey < 10 ? 255 : Math.round((grey - 20) / SCALE)));
        const cellAt = (at: number) => {
          const [x, y] = [(at % written.width) - pad / 2, Math.floor(at / written.width) - padded / 2];
          const inner = x >= 0 && y >= 0 && x < across * targetCell && y < along * targetCell;
          return inner
            ? { x: x % targetCell, y: y % targetCell, start: at - (x % targetCell) - (y % targetCell) * written.width }
            : undefined;
        };
        const middle = (targetCell - 1) / 2;
        for (const [at, value] of index.values.entries()) {
          const own = cellAt(at);
          // Pixels at the edges of a cell are mixed when the image is scaled, but never those of a mask.
          if (!own || cell === targetCell || (own.x === middle && own.y === middle)) expect(value).toBe(seen[at]);
          if (own && sign >= 0) expect(value).toBe(index.values[own.start]);
        }
      },
    ),
  );
});
