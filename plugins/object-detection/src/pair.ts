import { basename } from 'node:path';
import type { RecordFile, Report, TaskContext } from '@tracebloc/ingestor-contract';
import type { SidecarFile } from '@tracebloc/ingestor-dataset';
import {
  type Box,
  type ConversionTally,
  type Image,
  type ImageSize,
  type SizeCheck,
  fitImage,
  moveBox,
  probeImage,
  proveWhole,
  showSize,
  turnBox,
  uprightSize,
} from '@tracebloc/ingestor-images';
import { type Annotation, checkBoxes, isUnknown, namesOf } from './annotation.js';
import { detectionFindings } from './findings.js';
import { frameOf } from './frame.js';
import type { NameCheck } from './name-check.js';
import type { DetectionOptions } from './options.js';
import { readAnnotation } from './read-annotation.js';
import { readVoc } from './voc.js';

export interface PictureContext {
  context: TaskContext<DetectionOptions>;
  /** Collects the findings of this picture. */
  report: Report;
  sizes: SizeCheck;
  names: NameCheck;
  conversions: ConversionTally;
}

/** What a picture and its annotation become. */
export interface Picture {
  files: RecordFile[];
  /** The classes of the objects, one for each; undefined if the annotation could not be read. */
  classes?: {
    /** Those in the annotation. */
    read: string[];
    /** Those of the objects that are left in the written image: `fit: cover` may cut some off. */
    written: string[];
  };
}

/** Reads the Pascal VOC of an image, and prepares both as `preparePicture` does. */
export async function preparePair(
  image: SidecarFile,
  annotationFile: SidecarFile | undefined,
  context: PictureContext,
): Promise<Picture> {
  const annotation = annotationFile && (await readPair(image, annotationFile, context.report));
  return preparePicture(image, annotation, annotationFile, context);
}

/** Reads the Pascal VOC of an image. Returns undefined if it cannot be read. */
export async function readPair(
  { path, stem, extension }: Pick<SidecarFile, 'path' | 'stem' | 'extension'>,
  file: SidecarFile,
  report: Report,
): Promise<Annotation | undefined> {
  const root = await readAnnotation(file, report);
  return root && readVoc(root, file.shown, [basename(path), stem + extension], report);
}

/**
 * Checks an image and its annotation, alone and against each other. Returns the files that they become, which are written if files
 * are wanted and nothing is wrong so far. The image is decoded once. `readFrom` is the file that the annotation was read from, if any.
 */
export async function preparePicture(
  imageFile: SidecarFile,
  annotation: Annotation | undefined,
  readFrom: Pick<SidecarFile, 'path' | 'within'> | undefined,
  { context, report, sizes, names, conversions }: PictureContext,
): Promise<Picture> {
  const { options } = context;
  const { targetSize, fit, clip } = options;
  const rules = { ...options, fit: fit === 'none' ? ('stretch' as const) : fit };
  const exactSize = fit === 'exact' ? { exactSize: targetSize } : {};
  const probed = { minSize: options.minSize, convert: options.convert, upright: true, ...exactSize };
  const image = await probeImage(imageFile, probed, report);
  if (image) {
    conversions.add(image);
    sizes.add(uprightSize(image), image.shown);
    if (fit === 'none') checkShape(image, targetSize, report);
  }
  const filename = imageFile.stem + imageFile.extension;
  const files: RecordFile[] = [{ source: imageFile.path, within: imageFile.within, target: filename }];
  if (readFrom) files.push({ source: readFrom.path, within: readFrom.within, target: `${imageFile.stem}.xml` });

  if (!annotation) {
    if (image) await proveWhole(image, report);
    return { files };
  }
  const read = namesOf(annotation);
  const unchanged = { files, classes: { read, written: read } };
  names.addNames(read, annotation.shown);
  const boxes = checkBoxes(annotation, sizeOf(annotation, image), clip, report);
  const frame = image && frameOf(annotation, image, report);
  if (!image) return unchanged;
  if (!frame) {
    await proveWhole(image, report);
    return unchanged;
  }
  const isWritten = context.wantsFiles && report.errors === 0;
  const fitted = await fitImage(image, rules, report, !isWritten);
  if (!fitted) return unchanged;
  const turned = frame === 'stored' ? boxes.map((box) => box && turnBox(box, image, image.orientation)) : boxes;
  const moved = turned.map((box) => box && moveBox(box, fitted.placement));
  reportCropped(annotation, turned, moved, report);
  const written = annotation.objects.flatMap(({ name }, index) => (moved[index] ? (name ?? []) : []));
  const classes = { read, written };
  if (!isWritten) return { files, classes };
  const xml = annotation.write({ filename, ...fitted.placement.target, depth: image.channels }, moved);
  const contents = [fitted.content, xml];
  const stored = files.map((file, index) => ({ ...file, ...(contents[index] && { content: contents[index] }) }));
  return { files: stored, classes };
}

/** Returns the size that the boxes of an annotation must be within. */
function sizeOf({ size }: Annotation, image: Image | undefined): ImageSize {
  if (!size || isUnknown(size)) return image ? uprightSize(image) : { width: Infinity, height: Infinity };
  // A side that is not a number is reported with the image.
  return {
    width: Number.isNaN(size.width) ? Infinity : size.width,
    height: Number.isNaN(size.height) ? Infinity : size.height,
  };
}

/** Reports an image that is neither square nor of the target's shape. */
function checkShape(image: Image, [width, height]: readonly [number, number], report: Report): void {
  const size = uprightSize(image);
  if (size.width === size.height || size.width * height === size.height * width) return;
  detectionFindings.report(report, 'not-square', () => ({
    message: 'The image is not square, and `fit` is not set.',
    file: image.shown,
    value: showSize(size),
    expected: 'a square image, or `fit`',
  }));
}

/** Warns of objects that the placement cuts off. */
function reportCropped(
  { objects, shown: file }: Annotation,
  boxes: readonly (Box | undefined)[],
  moved: readonly (Box | undefined)[],
  report: Report,
): void {
  for (const [index, { line: row, name: value }] of objects.entries()) {
    if (!boxes[index] || moved[index]) continue;
    const message = 'The object is in the part of the image that is cut off, so it is left out.';
    detectionFindings.report(report, 'cropped-object', () => ({ message, file, row, column: 'bndbox', value }));
  }
}
