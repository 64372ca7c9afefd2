import type { Report, TaskType } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  ClassCheck,
  FILE_FINDINGS,
  LABEL_FINDINGS,
  type SidecarFile,
  TYPE_FINDINGS,
  readNamedFiles,
} from '@tracebloc/ingestor-dataset';
import { IMAGE_EXTENSIONS, IMAGE_FINDINGS, probeImage, proveWhole, reportImage } from '@tracebloc/ingestor-images';
import { detect } from './detect.js';
import { fields, fileOptions, resolve, type ImageOptions } from './options.js';

export const imageClassification: TaskType<ImageOptions> = {
  id: 'image_classification',
  title: 'Image classification',
  summary: 'Predicts the class of an image.',
  dataFormat: 'image',
  label: { use: 'required', statePolicy: false },
  schema: 'optional',
  missing: 'empty',
  allowFeatureModification: false,
  fields,
  fileOptions,
  layout: {
    manifest: ['csv', 'json'],
    sidecars: [
      {
        field: 'images',
        extensions: IMAGE_EXTENSIONS,
        required: true,
        description: 'The images, all of one size and with one extension.',
      },
    ],
    description: 'One row an image: its `filename`, with or without extension, and its label.',
  },
  findings: [
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS,
    ...FILE_FINDINGS.filter(({ code }) => code !== 'unpaired-file'),
    ...IMAGE_FINDINGS,
  ],
  resolve,
  records: (context) => {
    const { options } = context;
    return readNamedFiles(context, {
      field: 'images',
      extension: options.extension,
      labelCheck: new ClassCheck(),
      check: (file, report) => checkImage(file, options, report),
    });
  },
  shards: { rows: 'all' },
  detect,
  metadata: ({ targetSize, extension, minSize }) => ({
    file_options: { target_size: [...targetSize], extension, min_size: [...minSize] },
  }),
};

async function checkImage(file: SidecarFile, { minSize, targetSize }: ImageOptions, report: Report): Promise<void> {
  const image = await probeImage(file, { minSize, exactSize: targetSize }, report);
  if (!image) return;
  if (image.orientation !== 1) {
    const message = 'The image is stored turned; training will see it as it is stored.';
    reportImage(report, 'exif-orientation', {
      message,
      file: file.shown,
      value: String(image.orientation),
      expected: '1',
    });
  }
  await proveWhole(image, report);
}
