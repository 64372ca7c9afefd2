import type { Finding, Report } from '@tracebloc/ingestor-contract';
import type { Box, ImageSize } from '@tracebloc/ingestor-images';
import { type DetectionFindingCode, detectionFindings } from './findings.js';

/** What is in a picture, wherever that was read: in a file of Pascal VOC, or in a part of a larger file. */
export interface Annotation {
  /** Where it was read, as findings show it. */
  shown: string;
  /** The size that it states for its picture, if it states one. Its boxes count the pixels of that size. */
  size?: StatedSize;
  /** The objects, and their parts. */
  objects: readonly AnnotatedObject[];
  /** Returns the file that is stored with the written image. `boxes` are those of `objects`; one without a box is left out. */
  write(image: StoredImage, boxes: readonly (Box | undefined)[]): Buffer;
}

/** A box with its class. */
export interface AnnotatedObject {
  /** The class. A part of an object has none. */
  name?: string;
  /** The box as it was read. It may be inverted, or reach out of the picture. */
  box: Box;
  /** 1 if it is hard to recognise, else 0. `truncated` and `occluded` say whether the object is seen only in part. */
  difficult?: number;
  truncated?: number;
  occluded?: number;
  /** The line where the box was read, from 1. */
  line?: number;
}

/** The size that an annotation states, which may differ from that of the image. NaN stands for what is not a number. */
export interface StatedSize extends ImageSize {
  depth?: number;
  line?: number;
  /** The size as it was written. */
  text?: string;
}

/** The image with which an annotation is stored. */
export interface StoredImage extends ImageSize {
  filename: string;
  /** 1 for grey, 3 for RGB. */
  depth: 1 | 3;
}

/** Whether the size is 0x0, which programs write that did not know the image. */
export const isUnknown = ({ width, height }: ImageSize): boolean => width === 0 && height === 0;

/** The classes of the objects, one for each. */
export const namesOf = ({ objects }: Annotation): string[] => objects.flatMap(({ name }) => name ?? []);

/**
 * Checks the boxes of an annotation against the size of its picture, and reports what is wrong. Returns them as they are taken:
 * an edge that rounds to that of the picture is moved there, and with `clip` any that is outside.
 */
export function checkBoxes(
  { objects, shown }: Annotation,
  size: ImageSize,
  clip: boolean,
  report: Report,
): (Box | undefined)[] {
  return objects.map(({ box, line }) => {
    const place = { file: shown, row: line, column: 'bndbox', value: showBox(box) };
    return checkBox(box, size, clip, (code, details) => {
      detectionFindings.report(report, code, () => ({ ...place, ...details }));
    });
  });
}

type Tell = (code: DetectionFindingCode, details: Pick<Finding, 'message' | 'expected'>) => void;

function checkBox(box: Box, size: ImageSize, clip: boolean, tell: Tell): Box | undefined {
  const { xmin, ymin, xmax, ymax } = box;
  if (xmin > xmax || ymin > ymax) {
    tell('inverted-box', { message: 'The box ends before it begins.', expected: 'xmin < xmax and ymin < ymax' });
    return undefined;
  }
  if (xmin === xmax || ymin === ymax) {
    tell('empty-box', { message: 'The box has no area.', expected: 'xmin < xmax and ymin < ymax' });
    return undefined;
  }
  const { width, height } = size;
  if (xmin >= 0 && ymin >= 0 && xmax <= width && ymax <= height) return box;
  const cut = {
    ...{ xmin: Math.max(0, xmin), ymin: Math.max(0, ymin) },
    ...{ xmax: Math.min(width, xmax), ymax: Math.min(height, ymax) },
  };
  const isEmpty = cut.xmin >= cut.xmax || cut.ymin >= cut.ymax;
  const roundsInside =
    Math.round(xmin) >= 0 && Math.round(ymin) >= 0 && Math.round(xmax) <= width && Math.round(ymax) <= height;
  if (!isEmpty && roundsInside) return cut;
  const expected = `0,0 to ${width},${height} at most`;
  if (!isEmpty && clip) {
    tell('clipped-box', { message: 'The box reaches out of the image, and is cut at its edge.', expected });
    return cut;
  }
  const message = isEmpty && clip ? 'The whole box is outside of the image.' : 'The box reaches out of the image.';
  tell('box-outside', { message, expected });
  return undefined;
}

const showBox = ({ xmin, ymin, xmax, ymax }: Box): string => `${xmin},${ymin} to ${xmax},${ymax}`;
