import { dirname } from 'node:path';
import type { Report } from '@tracebloc/ingestor-contract';
import { shellPath } from '@tracebloc/ingestor-dataset';
import { type Image, reportImage, showSize } from '@tracebloc/ingestor-images';
import { isUnknown, type StatedSize } from './annotation.js';
import { detectionFindings } from './findings.js';
import { isTurned, uprightSize } from './geometry.js';

const SIDES = ['width', 'height', 'depth'];

/** The pixels that an annotation's boxes count: those of the image as shown, or as stored, before EXIF turns it. */
export type Frame = 'upright' | 'stored';

/** The names of an image and its annotation as findings show them. */
export interface Pair {
  image: string;
  annotation: string;
  /** The absolute path of the annotation. */
  annotationPath: string;
}

/**
 * Compares the size that an annotation states with that of its image, and returns which pixels its boxes count. It reports
 * a size that fits neither and returns undefined. It warns of an image that is stored turned, unless the size proves that
 * the annotation was made for the upright image.
 */
export function frameOf(stated: StatedSize, image: Image, names: Pair, report: Report): Frame | undefined {
  const upright = uprightSize(image);
  const isUpright = stated.width === upright.width && stated.height === upright.height;
  const isStored = stated.width === image.width && stated.height === image.height;
  if ((!isUpright && !isStored) || stated.depth !== image.channels) {
    detectionFindings.report(report, 'size-mismatch', () => ({
      message: isUnknown(stated)
        ? 'The size is 0x0, as of a program that did not know the image.'
        : 'The size is not that of the image.',
      file: names.annotation,
      row: stated.element.line,
      column: 'size',
      value: SIDES.map((side) => stated.element.children(side)[0]?.text).join('x'),
      expected: `${showSize(upright)}x${image.channels}`,
      ...(isUnknown(stated) ? { fix: fixOfUnknown(upright, names.annotationPath) } : {}),
    }));
    return undefined;
  }
  const frame = isUpright ? 'upright' : 'stored';
  const isProven = isTurned(image.orientation) && !isStored;
  if (image.orientation !== 1 && !isProven) {
    reportImage(report, 'exif-orientation', {
      message:
        frame === 'stored'
          ? 'The annotation has the size of the image as stored, so its boxes are turned together with the pixels.'
          : 'The image is turned upright, and its boxes are taken to be those of the upright image.',
      file: names.image,
      value: String(image.orientation),
      expected: '1',
    });
  }
  return frame;
}

/** Returns how to write the size of an image into annotations that state 0x0. The command is for the working folder. */
function fixOfUnknown({ width, height }: { width: number; height: number }, annotationPath: string): string {
  const change = `s/<width>0</<width>${width}</; s/<height>0</<height>${height}</`;
  const files = `${shellPath(dirname(annotationPath))}/*.xml`;
  return `Write the size of the image. If all images have this size: \`perl -pi -e '${change}' ${files}\`.`;
}
