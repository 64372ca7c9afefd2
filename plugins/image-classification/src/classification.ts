import type { DatasetRecord, Report, TaskContext, TaskType } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  ClassCheck,
  FILE_FINDINGS,
  LABEL_FINDINGS,
  SidecarFolder,
  TYPE_FINDINGS,
  type FileRow,
  eachRow,
  openRecords,
  readFileRecords,
  reportRepeated,
} from '@tracebloc/ingestor-dataset';
import { IMAGE_EXTENSIONS, IMAGE_FINDINGS, probeImage, proveWhole, reportImage } from '@tracebloc/ingestor-images';
import { detect } from './detect.js';
import { fields, fileOptions, resolve, type ImageOptions } from './options.js';

const FILENAME = 'filename';

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
  records,
  shards: { rows: 'all' },
  detect,
  metadata: ({ targetSize, extension, minSize }) => ({
    file_options: { target_size: [...targetSize], extension, min_size: [...minSize] },
  }),
};

async function* records(context: TaskContext<ImageOptions>): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, options, folders, report } = context;
  const rows = await openRecords(context, new ClassCheck(), [FILENAME]);
  if (!rows) return;
  const images = await SidecarFolder.open(folders.images!, options.extension);
  const column = rows.at.get(FILENAME);
  const complete = async ({ record, cells }: FileRow, notes: Report): Promise<DatasetRecord> => {
    if (column === undefined) return record;
    if (!dataset.isOwn(record.row)) {
      images.mark(cells[column]!);
      return record;
    }
    const place = { report: notes, file: dataset.file, row: record.row, column: FILENAME };
    const file = await images.find(cells[column]!, place);
    if (!file) return record;
    reportRepeated(file, place);
    if (!file.repeated) await checkImage(file, options, notes);
    const { stem, extension, path } = file;
    return { ...record, filename: stem, extension, files: [{ source: path, target: stem + extension }] };
  };
  yield* readFileRecords(eachRow(rows), complete, context);
  if (column !== undefined && dataset.complete) images.reportUnnamed(report);
}

async function checkImage(
  file: Parameters<typeof probeImage>[0],
  { minSize, targetSize }: ImageOptions,
  report: Report,
): Promise<void> {
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
