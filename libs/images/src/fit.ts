import type { Sharp } from 'sharp';
import type { Report } from '@tracebloc/ingestor-contract';
import { DEEP } from './conversions.js';
import { reportImage } from './findings.js';
import { type Fit, type Placement, changesImage, placeImage, uprightSize } from './geometry.js';
import { type Image, proveWhole, runImage } from './image.js';
import { loadSharp } from './load-sharp.js';

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
  const isDeep = image.conversions.includes(DEEP);
  if (!isDeep && (isOnlyChecked || isAsWanted(image, placement))) {
    return (await proveWhole(image, report)) ? { placement } : undefined;
  }
  const content = await runImage(image, report, async (pixels) => {
    const upright = isDeep
      ? await reduceDepth(pixels, image, rules, report)
      : flatten(pixels.autoOrient(), image, rules);
    return isOnlyChecked ? NOTHING : encode(upright, image, placement, rules).toBuffer();
  });
  return content && { placement, ...(!isOnlyChecked && { content }) };
}

const NOTHING = Buffer.alloc(0);

/** Whether the file is stored as it is. */
function isAsWanted(image: Image, placement: Placement): boolean {
  const { conversions, isPalette, orientation, format, storedAs } = image;
  return conversions.length === 0 && !isPalette && orientation === 1 && format === storedAs && !changesImage(placement);
}

function flatten(pixels: Sharp, { conversions }: Image, { background }: FitRules): Sharp {
  return conversions.some((kind) => kind.endsWith('with alpha')) ? pixels.flatten({ background }) : pixels;
}

function encode(pixels: Sharp, image: Image, placement: Placement, rules: FitRules): Sharp {
  const { target, inner, left, top } = placement;
  const placed = changesImage(placement) ? pixels.resize(inner.width, inner.height, { fit: 'fill' }) : pixels;
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

/** Returns the upright image with the higher 8 of 16 bits. It warns if only lower ones are used, so that it becomes black. */
async function reduceDepth(pixels: Sharp, image: Image, rules: FitRules, report: Report): Promise<Sharp> {
  // The decoder's own reduction of grey goes through other colour spaces, and rounds otherwise.
  const space = image.channels === 1 ? 'grey16' : 'rgb16';
  const { data, info } = await flatten(pixels.autoOrient(), image, rules)
    .toColourspace(space)
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = new Uint16Array(data.buffer, data.byteOffset, width * height * channels);
  const reduced = new Uint8Array(samples.length);
  let brightest = 0;
  for (let at = 0; at < samples.length; at++) {
    const sample = samples[at]!;
    if (sample > brightest) brightest = sample;
    reduced[at] = sample >> 8;
  }
  if (brightest < BRIGHT) {
    reportImage(report, 'dark-image', {
      message: 'The brightest sample of 16 bits is less than a quarter of the largest that they can hold.',
      file: image.shown,
      value: String(brightest),
      expected: `at least ${BRIGHT}`,
    });
  }
  const sharp = await loadSharp();
  return sharp(reduced, { raw: { width, height, channels: channels as 1 | 3 } });
}
