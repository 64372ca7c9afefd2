import type { ImageSize } from '@tracebloc/ingestor-images';

/** What happens to an image that does not have the target's shape: `none` is an error, `stretch` scales, `contain` pads. */
export type Fit = 'none' | 'stretch' | 'contain';

/** The edges of a box in pixels from the left and the top: 0 <= xmin < xmax <= width, likewise y. */
export interface Box {
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
}

/** The place of an image within the target, in pixels. */
export interface Placement {
  /** The upright image. */
  source: ImageSize;
  target: ImageSize;
  /** The size of the scaled image. The rest of the target is padding. */
  inner: ImageSize;
  /** The padding on the left of `inner`; `top` is that above it. */
  left: number;
  top: number;
}

/** Returns whether an EXIF orientation, 1 to 8, exchanges width and height. */
export const isTurned = (orientation: number): boolean => orientation >= 5;

/** Returns the size of an image after it is turned as its EXIF orientation says. */
export function uprightSize({ width, height, orientation }: ImageSize & { orientation: number }): ImageSize {
  return isTurned(orientation) ? { width: height, height: width } : { width, height };
}

/** Converts a box of the stored pixels into a box of the upright image. `stored` is the size of the stored pixels. */
export function turnBox(box: Box, stored: ImageSize, orientation: number): Box {
  const { xmin, ymin, xmax, ymax } = isTurned(orientation)
    ? { xmin: box.ymin, ymin: box.xmin, xmax: box.ymax, ymax: box.xmax }
    : box;
  const { width, height } = uprightSize({ ...stored, orientation });
  const mirrorX = [2, 3, 6, 7].includes(orientation);
  const mirrorY = [3, 4, 7, 8].includes(orientation);
  return {
    xmin: mirrorX ? width - xmax : xmin,
    ymin: mirrorY ? height - ymax : ymin,
    xmax: mirrorX ? width - xmin : xmax,
    ymax: mirrorY ? height - ymin : ymax,
  };
}

/** Places an upright image within the target. It fills the target, or keeps its shape in the middle with `contain`. */
export function placeImage(source: ImageSize, [width, height]: readonly [number, number], fit: Fit): Placement {
  const target = { width, height };
  if (fit !== 'contain') return { source, target, inner: target, left: 0, top: 0 };
  const scale = Math.min(width / source.width, height / source.height);
  const inner = {
    width: Math.max(1, Math.round(source.width * scale)),
    height: Math.max(1, Math.round(source.height * scale)),
  };
  const left = Math.floor((width - inner.width) / 2);
  const top = Math.floor((height - inner.height) / 2);
  return { source, target, inner, left, top };
}

/** Converts a box of the upright image into a box of the target: whole pixels, inside `inner`, never empty. */
export function placeBox({ xmin, ymin, xmax, ymax }: Box, { source, inner, left, top }: Placement): Box {
  const [x0, x1] = scaleSpan(xmin, xmax, source.width, inner.width);
  const [y0, y1] = scaleSpan(ymin, ymax, source.height, inner.height);
  return { xmin: left + x0, ymin: top + y0, xmax: left + x1, ymax: top + y1 };
}

/** Scales a span within 0 to `from` to one within 0 to `to`. Each end is rounded; the result has at least one pixel. */
function scaleSpan(start: number, end: number, from: number, to: number): [number, number] {
  const first = Math.round((start * to) / from);
  const last = Math.round((end * to) / from);
  if (first < last) return [first, last];
  const middle = Math.min(Math.floor(((start + end) / 2) * (to / from)), to - 1);
  return [middle, middle + 1];
}
