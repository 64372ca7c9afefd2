import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { fitMask } from './fit-mask.js';
import { type Fit, isTurned, movePoint, placeImage, turnPoint, uprightSize } from './geometry.js';
import type { Indices } from './indices.js';
import { noise, pixelsOf } from './picture.test-support.js';

/** A mask as `readIndices` returns it. */
function mask(indices: readonly number[], width: number, height: number, bits = 8): Indices {
  async function* rows() {
    const row = bits === 16 ? new Uint16Array(width) : new Uint8Array(width);
    for (let y = 0; y < height; y++) {
      row.set(indices.slice(y * width, (y + 1) * width));
      yield row;
    }
  }
  return { width, height, bits, isPalette: false, rows: rows() };
}

const sides = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) });
const anyMask = fc.record({
  stored: sides,
  target: sides,
  fit: fc.constantFrom<Fit>('stretch', 'contain', 'cover'),
  orientation: fc.integer({ min: 1, max: 8 }),
});

describe('a mask', () => {
  it('has at each pixel the index of the pixel that its middle lies on, and beside the image the padding', async () => {
    await fc.assert(
      fc.asyncProperty(anyMask, async ({ stored, target, fit, orientation }) => {
        const upright = uprightSize({ ...stored, orientation });
        const placement = placeImage(upright, [target.width, target.height], fit);
        const indices = noise(stored.width * stored.height, 200, stored.width + 7);
        const png = await fitMask(mask(indices, stored.width, stored.height), placement, { orientation, padding: 255 });
        const { data, width, height, channels } = await pixelsOf(png!);
        expect([width, height]).toEqual([target.width, target.height]);
        const { inner, left, top } = placement;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const [inX, inY] = [x - left, y - top];
            const isBeside = inX < 0 || inY < 0 || inX >= inner.width || inY >= inner.height;
            const sourceX = Math.floor(((inX + 0.5) * upright.width) / inner.width);
            const sourceY = Math.floor(((inY + 0.5) * upright.height) / inner.height);
            // The upright pixel is looked up by turning the middle of each stored one, below.
            const expected = isBeside ? 255 : uprightIndex(indices, stored, orientation, sourceX, sourceY);
            expect(data[(y * width + x) * channels]).toBe(expected);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('moves with the points of its image', async () => {
    // Each index covers a block, so that the middle of a block is at the moved point.
    const [width, height, block] = [64, 48, 8];
    const indices = Array.from({ length: width * height }, (_, at) => {
      return Math.floor((at % width) / block) + Math.floor(at / width / block) * (width / block) + 1;
    });
    for (const fit of ['stretch', 'contain', 'cover'] as const) {
      const placement = placeImage({ width, height }, [90, 90], fit);
      const { data, channels } = await pixelsOf((await fitMask(mask(indices, width, height), placement))!);
      for (let y = block / 2; y < height; y += block) {
        for (let x = block / 2; x < width; x += block) {
          const moved = movePoint({ x, y }, placement);
          if (moved.x < 0 || moved.x >= 90 || moved.y < 0 || moved.y >= 90) continue;
          const found = data[(Math.floor(moved.y) * 90 + Math.floor(moved.x)) * channels];
          expect(found).toBe(indices[y * width + x]);
        }
      }
    }
  });

  it('of 16 bits keeps them, and is the same each time', async () => {
    const indices = noise(30, 65_536);
    const placement = placeImage({ width: 6, height: 5 }, [6, 5], 'stretch');
    const png = (await fitMask(mask(indices, 6, 5, 16), placement))!;
    const raw = await sharp(png).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    expect([...new Uint16Array(raw.buffer, raw.byteOffset, 30)]).toEqual(indices);
    expect(await fitMask(mask(indices, 6, 5, 16), placement)).toEqual(png);
  });

  it('that ends early is not written', async () => {
    const cut = { ...mask(noise(30), 6, 5), height: 6 };
    expect(await fitMask(cut, placeImage({ width: 6, height: 6 }, [3, 3], 'stretch'))).toBeUndefined();
  });
});

function uprightIndex(
  indices: readonly number[],
  stored: { width: number; height: number },
  orientation: number,
  x: number,
  y: number,
): number {
  const [rows, columns] = isTurned(orientation) ? [[x], [y]] : [[y], [x]];
  const candidates = (side: number[], length: number) => [...side, ...side.map((at) => length - 1 - at)];
  for (const sy of candidates(rows, stored.height)) {
    for (const sx of candidates(columns, stored.width)) {
      const point = turnPoint({ x: sx + 0.5, y: sy + 0.5 }, stored, orientation);
      if (Math.floor(point.x) === x && Math.floor(point.y) === y) return indices[sy * stored.width + sx]!;
    }
  }
  throw new Error('There is no such pixel.');
}
