import type { Report } from '@tracebloc/ingestor-contract';
import { type Image, isTurned, reportImage, showSize, uprightSize } from '@tracebloc/ingestor-images';
import { type Annotation, isUnknown } from './annotation.js';
import { detectionFindings } from './findings.js';

/** The pixels that an annotation's boxes count: those of the image as shown, or as stored, before EXIF turns it. */
export type Frame = 'upright' | 'stored';

/**
 * Compares the size that an annotation states with that of its image, and returns which pixels its boxes count. It reports
 * a size that fits neither and returns undefined. An annotation without a size, or with 0x0, counts those of the upright image. It
 * warns of an image that is stored turned, unless the size proves that the annotation was made for the upright image.
 */
export function frameOf({ size, shown }: Annotation, image: Image, report: Report): Frame | undefined {
  const upright = uprightSize(image);
  const stated = size && !isUnknown(size) ? size : upright;
  const isUpright = stated.width === upright.width && stated.height === upright.height;
  const isStored = stated.width === image.width && stated.height === image.height;
  const place = { file: shown, row: size?.line, column: 'size', value: size?.text };
  if (!isUpright && !isStored) {
    const [message, expected] = ['The size is not that of the image.', `${showSize(upright)}x${image.channels}`];
    detectionFindings.report(report, 'size-mismatch', () => ({ message, ...place, expected }));
    return undefined;
  }
  if (size && isUnknown(size)) {
    const message = 'The size is 0x0, so that of the image is taken.';
    detectionFindings.report(report, 'unknown-size', () => ({ message, ...place, expected: showSize(upright) }));
  } else if (size?.depth !== undefined && size.depth !== image.channels) {
    const message = 'The depth is not that of the image.';
    detectionFindings.report(report, 'depth-differs', () => ({ message, ...place, expected: String(image.channels) }));
  }
  const frame = isUpright ? 'upright' : 'stored';
  const isProven = isTurned(image.orientation) && !isStored && stated === size;
  if (image.orientation !== 1 && !isProven) {
    reportImage(report, 'exif-orientation', {
      message:
        frame === 'stored'
          ? 'The annotation has the size of the image as stored, so its boxes are turned together with the pixels.'
          : 'The image is turned upright, and its boxes are taken to be those of the upright image.',
      file: image.shown,
      value: String(image.orientation),
      expected: '1',
    });
  }
  return frame;
}
