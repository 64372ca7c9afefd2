import type {
  ConclusionContext,
  DatasetRecord,
  JsonValue,
  Report,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  FILENAME,
  FILE_FINDINGS,
  LABEL_FINDINGS,
  SidecarFolder,
  TYPE_FINDINGS,
  type FileRow,
  checkPairs,
  eachRow,
  openRecords,
  readFileRecords,
} from '@tracebloc/ingestor-dataset';
import {
  IMAGE_EXTENSIONS,
  IMAGE_FINDINGS,
  SIZE_FINDINGS,
  SizeCheck,
  type PartialSizes,
} from '@tracebloc/ingestor-images';
import { detect } from './detect.js';
import { detectionFindings } from './findings.js';
import { NameCheck, type PartialNames } from './name-check.js';
import { fields, fileOptions, metadata, resolve, type DetectionOptions } from './options.js';
import { preparePair } from './pair.js';
import { annotationFolder } from './without-manifest.js';

export const objectDetection: TaskType<DetectionOptions> = {
  id: 'object_detection',
  title: 'Object detection',
  summary: 'Finds objects in an image, each with its class and a box around it.',
  dataFormat: 'image',
  label: { use: 'optional', statePolicy: false },
  schema: 'optional',
  missing: 'empty',
  allowFeatureModification: false,
  fields,
  fileOptions,
  layout: {
    manifest: ['csv', 'json'],
    form: 'boxes',
    withoutManifest: annotationFolder,
    sidecars: [
      {
        field: 'images',
        extensions: IMAGE_EXTENSIONS,
        required: true,
        rewritten: true,
        description:
          'The images, with one extension; they are resized to `target_size`. Without `fit` all have one size.',
      },
      {
        field: 'annotations',
        extensions: ['.xml'],
        required: true,
        rewritten: true,
        description: "One Pascal VOC file for each image, under the image's name with `.xml`.",
      },
    ],
    description:
      'One row for each object or one for each image: the `filename`, with or without extension, and the label.',
  },
  findings: [
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS,
    ...FILE_FINDINGS.filter(({ code }) => code !== 'repeated-file'),
    ...IMAGE_FINDINGS.filter(({ code }) => code !== 'wrong-size'),
    ...SIZE_FINDINGS,
    ...detectionFindings.list,
  ],
  resolve,
  records,
  shards: { rows: 'all', conclude },
  detect,
  metadata,
};

/** Yields one record for each image, from the first row that names it. Of further rows only the label counts. */
async function* records(context: TaskContext<DetectionOptions>): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, options, folders, report, filename = FILENAME } = context;
  const names = new NameCheck();
  const rows = await openRecords(context, { add: (label) => names.addLabel(label) }, [filename]);
  if (!rows) return;
  const [images, annotations] = await Promise.all([
    SidecarFolder.open(folders.images!, options.extension),
    SidecarFolder.open(folders.annotations!, '.xml'),
  ]);
  const sizes = new SizeCheck();
  const column = rows.at.get(filename);

  const complete = async ({ record, cells }: FileRow, notes: Report): Promise<DatasetRecord | undefined> => {
    if (column === undefined) return record;
    if (!dataset.isOwn(record.row)) return images.mark(cells[column]!)?.repeated ? undefined : record;
    const origin = { report: notes, file: dataset.file, row: record.row, column: filename };
    const image = await images.find(cells[column]!, origin);
    if (!image) return record;
    if (image.repeated) return undefined;
    // A missing annotation is reported after all rows, together with those of files that no row names.
    const annotation = annotations.has(image.stem) ? await annotations.find(image.stem, origin) : undefined;
    const files = await preparePair(image, annotation, { context, report: notes, sizes, names });
    return { ...record, filename: image.stem, extension: image.extension, files };
  };
  yield* readFileRecords(eachRow(rows), complete, context);

  checkPairs(images, annotations, report);
  if (column !== undefined && dataset.complete) {
    await images.reportUnnamed(report, context.namedElsewhere);
  }
  if (context.handOn) {
    context.handOn({ sizes: sizes.partial(), names: names.partial() });
    return;
  }
  if (needsOneSize(options)) sizes.finish(report);
  if (context.label !== undefined && rows.at.has(context.label) && dataset.complete) names.finish(report);
}

/** With `fit`, images of different sizes are each brought to the target, on purpose. */
const needsOneSize = ({ fit }: DetectionOptions): boolean => fit === 'none';

/** Every shard has read all labels, but only its own images and annotations. */
function conclude(parts: readonly JsonValue[], { report, label, options }: ConclusionContext<DetectionOptions>): void {
  const [sizes, names] = [new SizeCheck(), new NameCheck()];
  for (const part of parts as unknown as { sizes: PartialSizes; names: PartialNames }[]) {
    sizes.merge(part.sizes);
    names.merge(part.names);
  }
  if (needsOneSize(options)) sizes.finish(report);
  if (label !== undefined) names.finish(report);
}
