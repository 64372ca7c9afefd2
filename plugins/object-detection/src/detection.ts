import type {
  ConclusionContext,
  DatasetRecord,
  JsonValue,
  Report,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import {
  CLASS_FINDINGS,
  COLUMN_FINDINGS,
  FILENAME,
  FILE_FINDINGS,
  LABEL_FINDINGS,
  SidecarFolder,
  TYPE_FINDINGS,
  type FileRow,
  type SidecarFile,
  checkPairs,
  createReport,
  eachRow,
  openRecords,
  readFileRecords,
} from '@tracebloc/ingestor-dataset';
import {
  CONVERSION_FINDINGS,
  ConversionTally,
  CONVERTIBLE_EXTENSIONS,
  IMAGE_FINDINGS,
  type PartialConversions,
  SIZE_FINDINGS,
  SizeCheck,
  type PartialSizes,
  convertibleFiles,
} from '@tracebloc/ingestor-images';
import { configure, detect } from './detect.js';
import { detectionFindings } from './findings.js';
import { labelOfClasses, labelOfRow } from './picture-label.js';
import { NameCheck, type PartialNames } from './name-check.js';
import { fields, fileOptions, metadata, resolve, type DetectionOptions } from './options.js';
import { preparePair, readPair } from './pair.js';
import { annotationFolder } from './without-manifest.js';

const BOXES_OF_IMAGE = { name: 'boxes-of-image', title: 'Boxes an image', kind: 'values' } as const;

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
        extensions: CONVERTIBLE_EXTENSIONS,
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
      'One row for each object or one for each image: the `filename`, with or without extension, and any label.',
  },
  findings: [
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS,
    ...CLASS_FINDINGS.filter(({ code }) => ['similar-classes', 'one-class'].includes(code)),
    ...FILE_FINDINGS.filter(({ code }) => code !== 'repeated-file'),
    ...IMAGE_FINDINGS,
    ...CONVERSION_FINDINGS,
    ...SIZE_FINDINGS,
    ...detectionFindings.list,
  ],
  resolve,
  records,
  statistics: [BOXES_OF_IMAGE],
  shards: { rows: 'all', conclude },
  detect,
  configure,
  metadata,
};

/** Yields one record for each image, from the first row that names it. Of further rows only the label counts. */
async function* records(context: TaskContext<DetectionOptions>): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, options, folders, report, filename = FILENAME } = context;
  const names = new NameCheck();
  const rows = await openRecords(context, { add: (label) => names.addLabel(label) }, [filename]);
  if (!rows) return;
  const [images, annotations] = await Promise.all([
    SidecarFolder.open(folders.images!, options.extension, convertibleFiles(options.convert)),
    SidecarFolder.open(folders.annotations!, '.xml'),
  ]);
  const [sizes, conversions] = [new SizeCheck(), new ConversionTally()];
  const column = rows.at.get(filename);

  const isLabelled = context.label !== undefined;
  const completeOther = async ({ record, cells }: FileRow): Promise<DatasetRecord | undefined> => {
    if (isLabelled) return images.mark(cells[column!]!)?.repeated ? undefined : record;
    // Whether there is a record depends on the annotation, and must be the same in each shard.
    const image = await images.find(cells[column!]!, { report: createReport(), file: '' });
    if (image?.repeated) return undefined;
    return image && (await isEmpty(image, annotations)) ? undefined : record;
  };
  const complete = async (row: FileRow, notes: Report): Promise<DatasetRecord | undefined> => {
    const { record, cells } = row;
    if (column === undefined) return record;
    if (!dataset.isOwn(record.row)) return completeOther(row);
    const origin = { report: notes, file: dataset.file, row: record.row, column: filename };
    const image = await images.find(cells[column]!, origin);
    if (!image) return record;
    if (image.repeated) return undefined;
    // A missing annotation is reported after all rows, together with those of files that no row names.
    const annotation = annotations.has(image.stem) ? await annotations.find(image.stem, origin) : undefined;
    const place = { report: notes, file: annotation?.shown ?? image.shown };
    const tallies = { sizes, names, conversions };
    const { files, classes } = await preparePair(image, annotation, { context, report: notes, ...tallies });
    const stored = { ...record, filename: image.stem, extension: image.extension, files };
    if (!classes) return stored;
    context.statistics?.measure(BOXES_OF_IMAGE.name, classes.written.length);
    if (isLabelled)
      return { ...stored, label: labelOfRow(record.label, classes.written, place), classes: classes.written };
    if (classes.read.length === 0) {
      const message = 'The picture has no object, so that it has no label, and is left out.';
      detectionFindings.report(notes, 'no-label', () => ({ message, file: place.file }));
      return undefined;
    }
    return { ...stored, label: labelOfClasses(classes.written, place), classes: classes.written };
  };
  yield* readFileRecords(eachRow(rows), complete, context);

  checkPairs(images, annotations, report);
  if (column !== undefined && dataset.complete) {
    await images.reportUnnamed(report, context.namedElsewhere);
  }
  if (context.handOn) {
    context.handOn({ sizes: sizes.partial(), names: names.partial(), conversions: conversions.partial() });
    return;
  }
  conversions.finish(report, { file: `${images.name}/`, background: options.background });
  if (needsOneSize(options)) sizes.finish(report);
  if (!dataset.complete) return;
  if (!isLabelled) finishNames(names, report, annotations.name);
  else if (rows.at.has(context.label!)) names.finish(report, { file: dataset.file, column: context.label! });
}

/** Reports what the names show where no labels are declared. */
function finishNames(names: NameCheck, report: Report, folder: string): void {
  names.finish(report);
  names.reportOneClass(report, `${folder}/`);
}

/** Whether the annotation of an image can be read and has no object. */
async function isEmpty(image: SidecarFile, annotations: SidecarFolder): Promise<boolean> {
  const report = createReport();
  const file = annotations.has(image.stem) ? await annotations.find(image.stem, { report, file: '' }) : undefined;
  return file !== undefined && (await readPair(image, file, report))?.objects.length === 0;
}

/** With `fit`, images of different sizes are each brought to the target, on purpose. */
const needsOneSize = ({ fit }: DetectionOptions): boolean => fit === 'none';

/** What a shard hands on. That of an earlier version has no `conversions`. */
interface Part {
  sizes: PartialSizes;
  names: PartialNames;
  conversions?: PartialConversions;
}

/** Every shard has read all labels, but only its own images and annotations. */
function conclude(
  parts: readonly JsonValue[],
  { report, label, options, file }: ConclusionContext<DetectionOptions>,
): void {
  const [sizes, names, tally] = [new SizeCheck(), new NameCheck(), new ConversionTally()];
  for (const part of parts as unknown as Part[]) {
    sizes.merge(part.sizes);
    names.merge(part.names);
    if (part.conversions) tally.merge(part.conversions);
  }
  tally.finish(report, { file: 'images/', background: options.background });
  if (needsOneSize(options)) sizes.finish(report);
  if (label === undefined) finishNames(names, report, 'annotations');
  else names.finish(report, { file, column: label });
}
