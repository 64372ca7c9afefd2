import type { Report, TaskContext } from '@tracebloc/ingestor-contract';
import { type SidecarFile, fileTask } from '@tracebloc/ingestor-dataset';
import { IMAGE_EXTENSIONS, IMAGE_FINDINGS, probeImage, proveWhole, reportImage } from '@tracebloc/ingestor-images';
import { detect } from './detect.js';
import { type ImageOptions, fields, fileOptions } from './options.js';

export const imageClassification = fileTask<ImageOptions>({
  id: 'image_classification',
  title: 'Image classification',
  summary: 'Predicts the class of an image.',
  dataFormat: 'image',
  fields,
  fileOptions,
  folder: {
    field: 'images',
    extensions: IMAGE_EXTENSIONS,
    description: 'The images, all of one size and with one extension.',
  },
  form: 'image_classes',
  row: 'One row for each image: its `filename`, with or without extension, and its label.',
  findings: IMAGE_FINDINGS,
  check: checkImage,
  detect,
  metadata: ({ targetSize, extension, minSize }) => ({
    file_options: { target_size: [...targetSize], extension, min_size: [...minSize] },
  }),
});

async function checkImage(
  file: SidecarFile,
  report: Report,
  { options: { minSize, targetSize } }: TaskContext<ImageOptions>,
): Promise<void> {
  const image = await probeImage(file, { minSize, exactSize: targetSize }, report);
  if (!image) return;
  if (image.orientation !== 1) {
    const message = 'The image is stored turned. Training reads the pixels as they are stored.';
    reportImage(report, 'exif-orientation', {
      message,
      file: file.shown,
      value: String(image.orientation),
      expected: '1',
    });
  }
  await proveWhole(image, report);
}
