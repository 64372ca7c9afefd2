import type { RunLengths } from './types.js';

/** The class of each pixel of an image, row by row. 0 is the background. */
export interface ClassMask {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/**
 * Gives the pixels of a polygon a value. A pixel belongs to the polygon if its centre is inside, as the even-odd rule says;
 * a centre on the left or upper edge is inside.
 *
 * @param polygon x and y in turn, in pixels. It need not be closed, and may reach over the edges of the image.
 */
export function fillPolygon({ width, height, pixels }: ClassMask, polygon: readonly number[], value: number): void {
  const length = polygon.length - (polygon.length % 2);
  let [top, bottom] = [Infinity, -Infinity];
  for (let at = 1; at < length; at += 2) {
    top = Math.min(top, polygon[at]!);
    bottom = Math.max(bottom, polygon[at]!);
  }
  const crossings: number[] = [];
  const last = Math.min(height, firstCentreFrom(bottom));
  for (let row = Math.max(0, firstCentreFrom(top)); row < last; row++) {
    crossings.length = 0;
    const y = row + 0.5;
    for (let at = 0, before = length - 2; at < length; before = at, at += 2) {
      const [y0, y1] = [polygon[before + 1]!, polygon[at + 1]!];
      if (y0 <= y === y1 <= y) continue;
      const [x0, x1] = [polygon[before]!, polygon[at]!];
      const x = x0 + ((y - y0) * (x1 - x0)) / (y1 - y0);
      // There are few crossings, so that each is put in its place.
      let place = crossings.length;
      for (; place > 0 && crossings[place - 1]! > x; place--) crossings[place] = crossings[place - 1]!;
      crossings[place] = x;
    }
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const start = Math.max(0, firstCentreFrom(crossings[at]!));
      const end = Math.min(width, firstCentreFrom(crossings[at + 1]!));
      if (start < end) pixels.fill(value, row * width + start, row * width + end);
    }
  }
}

/** Returns the first pixel whose centre is at a coordinate or after it. */
const firstCentreFrom = (coordinate: number): number => Math.ceil(coordinate - 0.5);

/** Gives the pixels of a mask in runs a value. The runs must be of an image of the same size. */
export function fillRuns({ width, height, pixels }: ClassMask, { counts }: RunLengths, value: number): void {
  let isInside = false;
  let at = 0;
  for (const count of counts) {
    if (isInside) {
      for (let index = at; index < at + count; index++)
        pixels[(index % height) * width + Math.floor(index / height)] = value;
    }
    at += count;
    isInside = !isInside;
  }
}
