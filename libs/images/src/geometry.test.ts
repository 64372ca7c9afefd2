import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Box,
  type Placement,
  moveBox,
  movePoint,
  placeImage,
  turnBox,
  turnPoint,
  uprightSize,
} from './geometry.js';

const side = fc.integer({ min: 1, max: 6000 });
const imageSize = fc.record({ width: side, height: side });
const targetSize = fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 2000 }));
const fit = fc.constantFrom('exact' as const, 'stretch' as const, 'contain' as const);

/** Two ends within 0 to `limit`, whole or with a fraction, the first before the second. */
const span = (limit: number) =>
  fc
    .oneof(fc.tuple(fc.nat(limit), fc.nat(limit)), fc.tuple(fraction(limit), fraction(limit)))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const fraction = (limit: number) => fc.double({ min: 0, max: limit, noNaN: true });

const boxIn = ({ width, height }: { width: number; height: number }) =>
  fc.tuple(span(width), span(height)).map(([[xmin, xmax], [ymin, ymax]]): Box => ({ xmin, ymin, xmax, ymax }));

const placed = imageSize.chain((source) =>
  fc.record({ source: fc.constant(source), target: targetSize, fit, box: boxIn(source) }),
);

const area = ({ xmin, ymin, xmax, ymax }: Box) => (xmax - xmin) * (ymax - ymin);

function expectInside({ xmin, ymin, xmax, ymax }: Box, { inner, left, top }: Placement): void {
  expect([xmin, ymin, xmax, ymax].every(Number.isInteger)).toBe(true);
  expect(left <= xmin && xmin < xmax && xmax <= left + inner.width).toBe(true);
  expect(top <= ymin && ymin < ymax && ymax <= top + inner.height).toBe(true);
}

describe('a placed box', () => {
  it('has whole pixels, is inside the image and is never empty', () => {
    fc.assert(
      fc.property(placed, ({ source, target, fit, box }) => {
        const placement = placeImage(source, target, fit);
        expectInside(moveBox(box, placement)!, placement);
      }),
      { numRuns: 1000 },
    );
  });

  it('covers the same part of the image; each edge differs by at most a pixel', () => {
    fc.assert(
      fc.property(placed, ({ source, target, fit, box }) => {
        const placement = placeImage(source, target, fit);
        const { inner, left, top } = placement;
        const { xmin, ymin, xmax, ymax } = moveBox(box, placement)!;
        const [dx, dy] = [1 / inner.width, 1 / inner.height];
        expect(Math.abs((xmin - left) * dx - box.xmin / source.width)).toBeLessThanOrEqual(dx + 1e-9);
        expect(Math.abs((xmax - left) * dx - box.xmax / source.width)).toBeLessThanOrEqual(dx + 1e-9);
        expect(Math.abs((ymin - top) * dy - box.ymin / source.height)).toBeLessThanOrEqual(dy + 1e-9);
        expect(Math.abs((ymax - top) * dy - box.ymax / source.height)).toBeLessThanOrEqual(dy + 1e-9);
        const shares = [area({ xmin, ymin, xmax, ymax }) * dx * dy, area(box) / (source.width * source.height)];
        expect(Math.abs(shares[0]! - shares[1]!)).toBeLessThanOrEqual(dx + dy + dx * dy + 1e-9);
      }),
      { numRuns: 1000 },
    );
  });

  it('differs by at most half a pixel unless it is thinner than one', () => {
    fc.assert(
      fc.property(placed, ({ source, target, fit, box }) => {
        const placement = placeImage(source, target, fit);
        const scale = placement.inner.width / source.width;
        fc.pre((box.xmax - box.xmin) * scale >= 1);
        const { xmin, xmax } = moveBox(box, placement)!;
        expect(Math.abs(xmin - placement.left - box.xmin * scale)).toBeLessThanOrEqual(0.5 + 1e-6);
        expect(Math.abs(xmax - placement.left - box.xmax * scale)).toBeLessThanOrEqual(0.5 + 1e-6);
      }),
    );
  });

  it.each([
    ['stretch', { xmin: 56, ymin: 112, xmax: 448, ymax: 448 }],
    ['contain', { xmin: 56, ymin: 161, xmax: 448, ymax: 350 }],
  ] as const)('of a 1920x1080 image is in the right place with %s', (fit, expected) => {
    const placement = placeImage({ width: 1920, height: 1080 }, [448, 448], fit);
    expect(moveBox({ xmin: 240, ymin: 270, xmax: 1920, ymax: 1080 }, placement)).toEqual(expected);
  });
});

describe('contain', () => {
  it('keeps the shape to half a pixel, touches two sides, and halves the padding', () => {
    fc.assert(
      fc.property(imageSize, targetSize, (source, [width, height]) => {
        const { inner, left, top } = placeImage(source, [width, height], 'contain');
        const [right, bottom] = [width - inner.width - left, height - inner.height - top];
        expect(inner.width === width || inner.height === height).toBe(true);
        expect(Math.min(left, top, right, bottom)).toBeGreaterThanOrEqual(0);
        expect(Math.max(Math.abs(right - left), Math.abs(bottom - top))).toBeLessThanOrEqual(1);
        const scale = Math.min(width / source.width, height / source.height);
        expect(Math.abs(inner.width - Math.max(1, source.width * scale))).toBeLessThanOrEqual(0.5);
        expect(Math.abs(inner.height - Math.max(1, source.height * scale))).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});

describe('cover', () => {
  it('keeps the shape to half a pixel, fills the target, and cuts both sides alike', () => {
    fc.assert(
      fc.property(imageSize, targetSize, (source, [width, height]) => {
        const { inner, left, top } = placeImage(source, [width, height], 'cover');
        expect(inner.width === width || inner.height === height).toBe(true);
        expect(Math.min(inner.width - width, inner.height - height)).toBeGreaterThanOrEqual(0);
        const [right, bottom] = [width - inner.width - left, height - inner.height - top];
        expect(Math.max(left, top, right, bottom)).toBeLessThanOrEqual(0);
        expect(Math.max(Math.abs(right - left), Math.abs(bottom - top))).toBeLessThanOrEqual(1);
        const scale = Math.max(width / source.width, height / source.height);
        expect(Math.abs(inner.width - source.width * scale)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(Math.abs(inner.height - source.height * scale)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });

  it('leaves of a box what is inside the target, and nothing of one that is outside', () => {
    const covered = imageSize.chain((source) =>
      fc.record({ source: fc.constant(source), target: targetSize, box: boxIn(source) }),
    );
    fc.assert(
      fc.property(covered, ({ source, target, box }) => {
        const placement = placeImage(source, target, 'cover');
        const corner = movePoint({ x: box.xmin, y: box.ymin }, placement);
        const other = movePoint({ x: box.xmax, y: box.ymax }, placement);
        const moved = moveBox(box, placement);
        const inside = (from: number, to: number, length: number) => Math.min(to, length) - Math.max(from, 0);
        const spans = [inside(corner.x, other.x, target[0]), inside(corner.y, other.y, target[1])];
        if (!moved) {
          expect(Math.min(...spans)).toBeLessThanOrEqual(1);
          return;
        }
        expect(Math.min(...spans)).toBeGreaterThan(-1);
        expect([moved.xmin, moved.ymin, moved.xmax, moved.ymax].every(Number.isInteger)).toBe(true);
        expect(0 <= moved.xmin && moved.xmin < moved.xmax && moved.xmax <= target[0]).toBe(true);
        expect(0 <= moved.ymin && moved.ymin < moved.ymax && moved.ymax <= target[1]).toBe(true);
        expect(Math.abs(moved.xmin - Math.max(0, corner.x))).toBeLessThanOrEqual(1);
        expect(Math.abs(moved.ymax - Math.min(target[1], other.y))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a moved point', () => {
  it('is where the edges of boxes are, before these are rounded', () => {
    fc.assert(
      fc.property(placed, ({ source, target, fit, box }) => {
        const placement = placeImage(source, target, fit);
        const scale = placement.inner.width / source.width;
        fc.pre((box.xmax - box.xmin) * scale >= 1);
        const { x } = movePoint({ x: box.xmin, y: box.ymin }, placement);
        expect(Math.abs(moveBox(box, placement)!.xmin - x)).toBeLessThanOrEqual(0.5 + 1e-6);
      }),
    );
  });

  it('that is turned is a corner of the turned box', () => {
    const box = { xmin: 10, ymin: 20, xmax: 30, ymax: 60 };
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const upright = turnBox(box, { width: 100, height: 80 }, orientation);
      const { x, y } = turnPoint({ x: box.xmin, y: box.ymin }, { width: 100, height: 80 }, orientation);
      expect([upright.xmin, upright.xmax]).toContain(x);
      expect([upright.ymin, upright.ymax]).toContain(y);
    }
  });
});

describe('a turned box', () => {
  const turned = imageSize.chain((stored) =>
    fc.record({
      stored: fc.constant(stored),
      orientation: fc.integer({ min: 1, max: 8 }),
      box: fc.tuple(span(stored.width), span(stored.height)).map(([[xmin, xmax], [ymin, ymax]]) => ({
        ...{ xmin: Math.floor(xmin), ymin: Math.floor(ymin) },
        ...{ xmax: Math.ceil(xmax), ymax: Math.ceil(ymax) },
      })),
    }),
  );

  it('covers the same area inside the upright image', () => {
    fc.assert(
      fc.property(turned, ({ stored, orientation, box }) => {
        const { width, height } = uprightSize({ ...stored, orientation });
        const upright = turnBox(box, stored, orientation);
        expect(area(upright)).toBe(area(box));
        expect(
          Math.min(upright.xmin, upright.ymin, width - upright.xmax, height - upright.ymax),
        ).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is the same after it is turned back', () => {
    const inverse = [0, 1, 2, 3, 4, 5, 8, 7, 6];
    fc.assert(
      fc.property(turned, ({ stored, orientation, box }) => {
        const upright = turnBox(box, stored, orientation);
        expect(turnBox(upright, uprightSize({ ...stored, orientation }), inverse[orientation]!)).toEqual(box);
      }),
    );
  });
});
