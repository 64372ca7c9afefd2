import type { ImageSize } from './size-check.js';

/**
 * How an image comes to the target size. `exact`: it has the size already. `stretch`: its shape changes. `contain`: it keeps its
 * shape, in the middle of padding. `cover`: it keeps its shape, and what is over on two sides is cut off.
 */
export type Fit = 'exact' | 'stretch' | 'contain' | 'cover';

/** The edges of a box in pixels from the left and the top: 0 <= xmin < xmax <= width, likewise y. */
export interface Box {
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
}

/** A position in pixels from the left and the top edge of an image: the middle of its first pixel is at 0.5, 0.5. */
export interface Point {
  x: number;
  y: number;
}

/** The place of an image within the target, in pixels. */
export interface Placement {
  /** The upright image. */
  source: ImageSize;
  target: ImageSize;
  /** The size of the scaled image. With `contain` the rest of the target is padding; with `cover` it is larger than the target. */
  inner: ImageSize;
  /** The padding on the left of `inner`; `top` is that above it. What `cover` cuts off is less than zero. */
  left: number;
  top: number;
}

/** Returns whether an EXIF orientation, 1 to 8, exchanges width and height. */
export const isTurned = (orientation: number): boolean => orientation >= 5;
/** Returns whether an EXIF orientation mirrors the columns of the upright image. */
export const mirrorsX = (orientation: number): boolean => [2, 3, 6, 7].includes(orientation);
/** Returns whether an EXIF orientation mirrors the rows of the upright image. */
export const mirrorsY = (orientation: number): boolean => [3, 4, 7, 8].includes(orientation);

/** Returns the size of an image after it is turned as its EXIF orientation says. */
export function uprightSize({ width, height, orientation }: ImageSize & { orientation: number }): ImageSize {
  return isTurned(orientation) ? { width: height, height: width } : { width, height };
}

/** Converts a point of the stored pixels into one of the upright image. `stored` is the size of the stored pixels. */
export function turnPoint(point: Point, stored: ImageSize, orientation: number): Point {
  const { x, y } = isTurned(orientation) ? { x: point.y, y: point.x } : point;
  const { width, height } = uprightSize({ ...stored, orientation });
  return { x: mirrorsX(orientation) ? width - x : x, y: mirrorsY(orientation) ? height - y : y };
}

/** Converts a box of the stored pixels into a box of the upright image. `stored` is the size of the stored pixels. */
export function turnBox({ xmin, ymin, xmax, ymax }: Box, stored: ImageSize, orientation: number): Box {
  const one = turnPoint({ x: xmin, y: ymin }, stored, orientation);
  const other = turnPoint({ x: xmax, y: ymax }, stored, orientation);
  return {
    xmin: Math.min(one.x, other.x),
    ymin: Math.min(one.y, other.y),
    xmax: Math.max(one.x, other.x),
    ymax: Math.max(one.y, other.y),
  };
}

/** Places an upright image within the target. It is in the middle of what it does not fill, or of what is cut off. */
export function placeImage(source: ImageSize, [width, height]: readonly [number, number], fit: Fit): Placement {
  const target = { width, height };
  if (fit === 'exact' || fit === 'stretch') return { source, target, inner: target, left: 0, top: 0 };
  const scales = [width / source.width, height / source.height];
  const scale = fit === 'contain' ? Math.min(...scales) : Math.max(...scales);
  const inner = {
    width: Math.max(1, Math.round(source.width * scale)),
    height: Math.max(1, Math.round(source.height * scale)),
  };
  const left = Math.floor((width - inner.width) / 2);
  const top = Math.floor((height - inner.height) / 2);
  return { source, target, inner, left, top };
}

/** Returns whether a placement changes an upright image at all. */
export function changesImage({ source, target, inner }: Placement): boolean {
  const isSame = (size: ImageSize) => size.width === source.width && size.height === source.height;
  return !isSame(target) || !isSame(inner);
}

/**
 * Converts a box of the upright image into a box of the target: whole pixels, never empty. A box that `cover` cuts has what is
 * left of it. Returns undefined when nothing is left.
 */
export function moveBox({ xmin, ymin, xmax, ymax }: Box, placement: Placement): Box | undefined {
  const { source, target, inner, left, top } = placement;
  const x = moveSpan([xmin, xmax], source.width, inner.width, left, target.width);
  const y = moveSpan([ymin, ymax], source.height, inner.height, top, target.height);
  return x && y && { xmin: x[0], ymin: y[0], xmax: x[1], ymax: y[1] };
}

/** Converts a point of the upright image into one of the target, without rounding. `cover` may move it outside. */
export function movePoint({ x, y }: Point, { source, inner, left, top }: Placement): Point {
  return { x: left + (x * inner.width) / source.width, y: top + (y * inner.height) / source.height };
}

/** Moves a span by `offset` and cuts it at 0 and `limit`. Returns undefined when nothing is left. */
function moveSpan(
  span: readonly [number, number],
  from: number,
  to: number,
  offset: number,
  limit: number,
): [number, number] | undefined {
  const [start, end] = scaleSpan(...span, from, to);
  const [first, last] = [Math.max(0, start + offset), Math.min(limit, end + offset)];
  return first < last ? [first, last] : undefined;
}

/** Scales a span within 0 to `from` to one within 0 to `to`. Each end is rounded; the result has at least one pixel. */
function scaleSpan(start: number, end: number, from: number, to: number): [number, number] {
  const first = Math.round((start * to) / from);
  const last = Math.round((end * to) / from);
  if (first < last) return [first, last];
  const middle = Math.min(Math.floor(((start + end) / 2) * (to / from)), to - 1);
  return [middle, middle + 1];
}
