import { basename } from 'node:path';
import type { RecordFile, Report, TaskContext } from '@tracebloc/ingestor-contract';
import type { SidecarFile } from '@tracebloc/ingestor-dataset';
import { type Image, type SizeCheck, probeImage, proveWhole, showSize } from '@tracebloc/ingestor-images';
import { checkAnnotation } from './annotation.js';
import { detectionFindings } from './findings.js';
import { frameOf } from './frame.js';
import { placeImage, uprightSize } from './geometry.js';
import type { NameCheck } from './name-check.js';
import type { DetectionOptions } from './options.js';
import { readAnnotation } from './read-annotation.js';
import { resizeImage } from './resize.js';
import { writeAnnotation } from './write-annotation.js';

export interface PairContext {
  context: TaskContext<DetectionOptions>;
  /** Collects the findings of this pair. */
  report: Report;
  sizes: SizeCheck;
  names: NameCheck;
}

/**
 * Checks an image and its annotation, alone and against each other. Returns the files that they become, which are resized
 * if files are wanted and nothing is wrong so far. The image is decoded once.
 */
export async function preparePair(
  imageFile: SidecarFile,
  annotationFile: SidecarFile | undefined,
  { context, report, sizes, names }: PairContext,
): Promise<RecordFile[]> {
  const { minSize, targetSize, fit } = context.options;
  const image = await probeImage(imageFile, { minSize }, report);
  if (image) checkShape(imageFile, image, { context, report, sizes });

  const root = annotationFile && (await readAnnotation(annotationFile, report));
  const shown = {
    ...{ image: imageFile.shown, annotation: annotationFile?.shown ?? '' },
    annotationPath: annotationFile?.path ?? '',
  };
  const annotation = root && checkAnnotation(root, shown.annotation, basename(imageFile.path), report);
  if (annotation) names.addNames(annotation.names, shown.annotation);
  const frame = image && annotation && frameOf(annotation.size, image, shown, report);

  const filename = imageFile.stem + imageFile.extension;
  const files: RecordFile[] = [
    { source: imageFile.path, within: imageFile.within, target: filename },
    ...(annotationFile
      ? [{ source: annotationFile.path, within: annotationFile.within, target: `${imageFile.stem}.xml` }]
      : []),
  ];
  if (!image) return files;
  if (!annotation || !frame || !context.wantsFiles || report.errors > 0) {
    await proveWhole(image, report);
    return files;
  }
  const placement = placeImage(uprightSize(image), targetSize, fit);
  const pixels = await resizeImage(image, placement, report);
  const contents = [pixels, pixels && writeAnnotation(annotation, { filename, image, placement, frame })];
  return files.map((file, index) => ({ ...file, content: contents[index] }));
}

function checkShape(
  file: SidecarFile,
  image: Image,
  { context, report, sizes }: Pick<PairContext, 'context' | 'report' | 'sizes'>,
): void {
  const { targetSize, fit } = context.options;
  const size = uprightSize(image);
  sizes.add(size, file.shown);
  const isSquare = size.width === size.height;
  if (fit !== 'none' || isSquare || size.width * targetSize[1] === size.height * targetSize[0]) return;
  detectionFindings.report(report, 'not-square', () => ({
    message: 'The image is not square, and `fit` is not set.',
    file: file.shown,
    value: showSize(size),
    expected: 'a square image, or `fit`',
  }));
}
