import type { Sharp } from 'sharp';
import type { Report } from '@tracebloc/ingestor-contract';
import { DEEP } from './conversions.js';
import { reportImage } from './findings.js';
import { type Fit, type Placement, changesImage, placeImage, uprightSize } from './geometry.js';
import { type Image, proveWhole, runImage } from './image.js';

/** How images are brought to one size, and encoded if they are not stored as they are. */
export interface FitRules {
  /** Width and height of the images as written, in pixels. */
  targetSize: readonly [number, number];
  fit: Fit;
  /** Of JPEGs, 1 to 100. */
  quality: number;
  /** The chroma subsampling of JPEGs. */
  chroma: '4:4:4' | '4:2:0';
  /** The colour behind transparent pixels, as `#rrggbb`. */
  background: string;
}

export interface FittedImage {
  /** Where the upright image is in the written one: `moveBox`, `movePoint` and `fitMask` move annotations by it. */
  placement: Placement;
  /** The new file. It is absent if the image is stored as it is, or if it was only checked. */
  content?: Buffer;
}

/** What `contain` pads with. */
const BLACK = '#000';
/** A sample of 16 bits that is at least so large shows that they are all used. */
const BRIGHT = 1 << 14;

/**
 * Brings a probed image to the target size, upright and in the dataset's format, grey or RGB of 8 bits. An image that is so already
 * is not encoded. Its file is read to its end: one that is not whole is reported, and undefined is returned. With `isOnlyChecked`
 * nothing is encoded, and the findings are the same.
 */
export async function fitImage(
  image: Image,
  rules: FitRules,
  report: Report,
  isOnlyChecked = false,
): Promise<FittedImage | undefined> {
  const placement = placeImage(uprightSize(image), rules.targetSize, rules.fit);
  if (image.conversions.includes(DEEP) && !(await checkBrightness(image, report))) return undefined;
  if (isOnlyChecked || isAsWanted(image, placement)) {
    return (await proveWhole(image, report)) ? { placement } : undefined;
  }
  const content = await runImage(image, report, (pixels) => encode(pixels, image, placement, rules).toBuffer());
  return content && { placement, content };
}

/** Whether the file is stored as it is. */
function isAsWanted(image: Image, placement: Placement): boolean {
  const { conversions, isPalette, orientation, format, storedAs } = image;
  return conversions.length === 0 && !isPalette && orientation === 1 && format === storedAs && !changesImage(placement);
}

function encode(pixels: Sharp, image: Image, placement: Placement, rules: FitRules): Sharp {
  const { target, inner, left, top } = placement;
  const isFlat = !image.conversions.some((kind) => kind.endsWith('with alpha'));
  const flat = isFlat ? pixels.autoOrient() : pixels.autoOrient().flatten({ background: rules.background });
  const placed = changesImage(placement) ? flat.resize(inner.width, inner.height, { fit: 'fill' }) : flat;
  const [right, bottom] = [target.width - inner.width - left, target.height - inner.height - top];
  if (Math.min(left, top, right, bottom) < 0) {
    placed.extract({ left: -left, top: -top, width: target.width, height: target.height });
  } else if (left + top + right + bottom > 0) {
    placed.extend({ left, top, right, bottom, background: BLACK });
  }
  placed.toColourspace(image.channels === 1 ? 'b-w' : 'srgb');
  const { quality, chroma: chromaSubsampling } = rules;
  return image.storedAs === 'jpeg' ? placed.jpeg({ quality, chromaSubsampling }) : placed.png();
}

/** Warns of an image of 16 bits that uses only lower ones, so that it becomes black. Returns false for one that is not whole. */
async function checkBrightness(image: Image, report: Report): Promise<boolean> {
  const stats = await runImage(image, report, (pixels) => pixels.stats());
  if (!stats) return false;
  const brightest = Math.max(...stats.channels.map(({ max }) => max));
  if (brightest >= BRIGHT) return true;
  reportImage(report, 'dark-image', {
    message: 'The brightest sample of 16 bits is less than a quarter of the largest that they can hold.',
    file: image.shown,
    value: String(brightest),
    expected: `at least ${BRIGHT}`,
  });
  return true;
}
