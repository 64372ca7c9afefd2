import type { Report } from '@tracebloc/ingestor-contract';
import type { FilePair, PairContents, SidecarFile } from '@tracebloc/ingestor-dataset';
import { reportImage, reportMask } from './findings.js';
import { fitImage } from './fit.js';
import { fitMask } from './fit-mask.js';
import type { FittedOptions } from './fitted-options.js';
import { changesImage, uprightSize } from './geometry.js';
import { type Image, probeImage, proveWhole } from './image.js';
import { IndexCounts, type ReadonlyCounts } from './index-counts.js';
import { type Indices, readIndices } from './indices.js';
import { showSize } from './size-check.js';

export interface MaskedImage {
  /** The image, if its header is right. */
  image?: Image;
  /** The number of pixels of each index, in the mask as it was read; absent if it could not be read to its end. */
  counts?: ReadonlyCounts;
  /** What to store instead of the files. */
  contents: PairContents;
}

/**
 * Checks an image and its mask, alone and against each other, and brings both to the target size by the same geometry: the mask as
 * `fitMask` does, padded with `padding`. The image becomes upright, and a mask of its stored size with it. A mask that needs no
 * change is stored as it is, unless it is grey of less than 8 bits, which most programs scale. With `isOnlyChecked` nothing is encoded.
 */
export async function fitMaskedImage(
  { file, partner }: FilePair,
  options: FittedOptions & { padding?: number },
  report: Report,
  isOnlyChecked: boolean,
): Promise<MaskedImage> {
  const { minSize, targetSize, fit, convert, padding } = options;
  const exactSize = fit === 'exact' ? { exactSize: targetSize } : {};
  const image = await probeImage(file, { minSize, convert, upright: true, ...exactSize }, report);
  const mask = partner && (await readIndices(partner, report));
  const orientation = image && mask ? orientationOf(image, mask, partner, report) : 1;
  const isWritten = !isOnlyChecked && report.errors === 0;
  if (image && orientation === undefined) await proveWhole(image, report);
  const fitted = image && orientation !== undefined && (await fitImage(image, options, report, !isWritten));
  const found = { ...(image && { image }) };
  if (!mask) return { ...found, contents: {} };

  const pixels = new IndexCounts(mask);
  const isChanged =
    fitted && (changesImage(fitted.placement) || orientation !== 1 || (mask.bits < 8 && !mask.isPalette));
  const placement = isWritten && isChanged ? fitted.placement : undefined;
  const content = placement && (await fitMask({ ...mask, rows: pixels.rows() }, placement, { orientation, padding }));
  if (!placement) await pixels.readToEnd();
  const { counts } = pixels;
  const contents = { ...(fitted && fitted.content && { file: fitted.content }), ...(content && { partner: content }) };
  return { ...found, ...(counts && { counts }), contents };
}

/** Returns the EXIF orientation that the mask needs to be upright; undefined if it does not have the size of the image. */
function orientationOf(image: Image, mask: Indices, { shown }: SidecarFile, report: Report): number | undefined {
  const upright = uprightSize(image);
  const isUpright = mask.width === upright.width && mask.height === upright.height;
  const isStored = mask.width === image.width && mask.height === image.height;
  if (!isUpright && !isStored) {
    const [message, value, expected] = ['The mask has another size than its image.', showSize(mask), showSize(upright)];
    reportMask(report, 'mask-size', { message, file: shown, value, expected });
    return undefined;
  }
  if (image.orientation !== 1 && isStored) {
    const message = isUpright
      ? 'The image is turned upright, and its mask is taken to be that of the upright image.'
      : 'The mask has the size of the image as stored, so it is turned together with the image.';
    reportImage(report, 'exif-orientation', {
      message,
      file: image.shown,
      value: String(image.orientation),
      expected: '1',
    });
  }
  return isUpright ? 1 : image.orientation;
}
