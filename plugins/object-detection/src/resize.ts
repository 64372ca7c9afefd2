import type { Report } from '@tracebloc/ingestor-contract';
import { type Image, runImage } from '@tracebloc/ingestor-images';
import type { Placement } from './geometry.js';

const BLACK = '#000';
/** Of JPEGs: the loss is not visible, and less than that of resizing. */
const QUALITY = 90;

/**
 * Returns the image upright and in its place within the target, encoded in its own format; grey stays grey. Reads the
 * file to its end. Returns undefined when the file is not whole, which is reported.
 */
export async function resizeImage(
  image: Image,
  { target, inner, left, top }: Placement,
  report: Report,
): Promise<Buffer | undefined> {
  const right = target.width - inner.width - left;
  const bottom = target.height - inner.height - top;
  return runImage(image, report, (source) => {
    const placed = source.autoOrient().resize(inner.width, inner.height, { fit: 'fill' });
    if (left + top + right + bottom > 0) placed.extend({ left, top, right, bottom, background: BLACK });
    if (image.channels === 1) placed.toColourspace('b-w');
    return (image.format === 'jpeg' ? placed.jpeg({ quality: QUALITY }) : placed.png()).toBuffer();
  });
}
