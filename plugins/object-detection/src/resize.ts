import type { Report } from '@tracebloc/ingestor-contract';
import { type Image, runImage } from '@tracebloc/ingestor-images';
import type { Placement } from './geometry.js';

const BLACK = '#000';
/** The quality of JPEGs. The loss is invisible, and less than that of resizing. */
const QUALITY = 90;

/**
 * Returns the upright image, placed within the target and encoded in its own format. Grey stays grey. It reads the file to
 * its end. It reports a file that is not whole and returns undefined.
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
