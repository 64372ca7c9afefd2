import type { Box } from './types.js';

/** Returns the least box around points, x and y in turn. */
export function boxAround(points: readonly number[]): Box {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [x, y] = [points[at]!, points[at + 1]!];
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/** Whether a value is a polygon: x and y in turn, of at least three points. */
export function isPolygon(value: unknown): value is number[] {
  if (!Array.isArray(value) || value.length < 6 || value.length % 2 !== 0) return false;
  for (const number of value) if (!Number.isFinite(number)) return false;
  return true;
}
