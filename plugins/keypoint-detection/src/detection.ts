import type { DatasetRecord, Report, TaskContext, TaskType } from '@tracebloc/ingestor-contract';
import {
  CLASS_FINDINGS,
  COLUMN_FINDINGS,
  ClassCheck,
  FILENAME,
  FILE_FINDINGS,
  type FileRow,
  LABEL_FINDINGS,
  SidecarFolder,
  TYPE_FINDINGS,
  createReport,
  eachRow,
  openRecords,
  readFileRecords,
} from '@tracebloc/ingestor-dataset';
import {
  CONVERSION_FINDINGS,
  CONVERTIBLE_EXTENSIONS,
  IMAGE_FINDINGS,
  SIZE_FINDINGS,
  convertibleFiles,
} from '@tracebloc/ingestor-images';
import { configure, detect } from './detect.js';
import { keypointFindings } from './findings.js';
import { type KeypointOptions, fields, fileOptions, metadata, resolve } from './options.js';
import { type Picture, Pictures } from './picture.js';
import { placePose, pointsOutside } from './place.js';
import { type PoseColumns, PoseReader, type ReadPose, showPoint, writePoints, writeVisibility } from './pose.js';
import { KeypointTally } from './tally.js';

/** The most bytes of a column of the type TEXT. */
const MAX_TEXT = 65_535;

export const keypointDetection: TaskType<KeypointOptions> = {
  id: 'keypoint_detection',
  title: 'Keypoint detection',
  summary: 'Finds the points of objects in an image, such as the joints of a person.',
  dataFormat: 'image',
  label: { use: 'required', statePolicy: false },
  schema: 'optional',
  missing: 'empty',
  allowFeatureModification: false,
  fields,
  fileOptions,
  layout: {
    manifest: ['csv', 'json'],
    form: 'keypoints',
    sidecars: [
      {
        field: 'images',
        extensions: CONVERTIBLE_EXTENSIONS,
        required: true,
        rewritten: (options) => isChanged(options as KeypointOptions),
        description:
          'The images, with one extension. They have one size, or are brought to it by `spec.file_options.fit`, with their points.',
      },
    ],
    description:
      'One row for each object, with the `filename` of its image and its label. `Annotation` has its points, and `Visibility` which of them can be seen.',
  },
  findings: [
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS,
    ...CLASS_FINDINGS.filter(({ code }) => code !== 'one-class'),
    ...FILE_FINDINGS.filter(({ code }) => !['repeated-file', 'unpaired-file'].includes(code)),
    ...IMAGE_FINDINGS,
    ...CONVERSION_FINDINGS,
    ...SIZE_FINDINGS,
    ...keypointFindings.list,
  ],
  statistics: [
    { name: 'points', title: 'Visible points', kind: 'counts' },
    { name: 'objects', title: 'Objects an image', kind: 'values' },
  ],
  resolve,
  records,
  shards: {
    rows: 'all',
    conclude(parts, { report, options, file }) {
      const all = new KeypointTally(options);
      for (const part of parts) all.merge(part);
      all.finish(report, file);
    },
  },
  detect,
  configure,
  metadata,
};

const isChanged = ({ fit, convert }: KeypointOptions): boolean => fit !== 'exact' || convert;

/** Yields a record for each row. Rows that name the same image store it once. */
async function* records(context: TaskContext<KeypointOptions>): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, options, folders, report, columns, filename = FILENAME } = context;
  const classes = new ClassCheck(false);
  // Each shard reads all labels, so that it hands on none of them.
  const labels = { add: (label: string) => classes.add(label), finish: classes.finish.bind(classes) };
  let names: PoseColumns = { annotation: '', visibility: '' };
  const rows = await openRecords(context, labels, (header) => {
    names = columnsOf(header, context);
    return [filename, names.annotation, names.visibility];
  });
  if (!rows) return;
  const folder = await SidecarFolder.open(folders.images!, options.extension, convertibleFiles(options.convert));
  const tally = new KeypointTally(options);
  const [poses, pictures] = [new PoseReader(names, options.numberOfKeypoints), new Pictures(context, tally.images)];
  const objects = new ObjectCount();
  const ignored = createReport();
  const [fileAt, pointsAt, seenAt] = [filename, names.annotation, names.visibility].map((name) => rows.at.get(name));
  const stored = columns.findIndex(({ name, source = name }) => fold(source) === 'visibility');

  const complete = async ({ record, cells }: FileRow, notes: Report): Promise<DatasetRecord> => {
    const { row } = record;
    const isOwn = dataset.isOwn(row);
    const place = { report: isOwn ? notes : ignored, file: dataset.file, row };
    // Rows that another process stores matter only until the first rows have decided.
    const isRead = pointsAt !== undefined && seenAt !== undefined && (isOwn || !poses.isDecided);
    const read = isRead ? poses.read(cells[pointsAt]!, cells[seenAt]!, place) : undefined;
    if (fileAt === undefined) return record;
    if (!isOwn) {
      objects.add(folder.mark(cells[fileAt]!), false);
      return record;
    }
    const file = await folder.find(cells[fileAt]!, { ...place, column: filename });
    if (!file) return record;
    objects.add(file, true);
    const picture = await pictures.read(file, notes);
    const content = picture?.content ?? (context.wantsFiles ? await file.make?.() : undefined);
    const target = file.stem + file.extension;
    const files = [{ source: file.path, within: file.within, target, ...(content && { content }) }];
    const own = { ...record, filename: file.stem, extension: file.extension, files };
    return picture && read ? { ...own, ...store(read, picture, record, notes) } : own;
  };

  /** Returns the cells of a row for its points in the stored image. */
  const store = (
    { pose, unit }: ReadPose,
    { image, placement }: Picture,
    { row, values }: DatasetRecord,
    notes: Report,
  ) => {
    const place = { file: dataset.file, row, column: names.annotation };
    for (const point of pointsOutside(pose, unit, image)) {
      const expected = unit === 'pixels' ? `within ${image.width}x${image.height}` : 'fractions from 0 to 1';
      const message = 'The point is outside of the image.';
      keypointFindings.report(notes, 'point-outside', () => ({ message, ...place, value: showPoint(point), expected }));
    }
    const placed = placement ? placePose(pose, unit, image, placement) : pose;
    tally.add(pose, placed);
    for (const { name, visible } of placed) if (visible) context.statistics?.count('points', name);
    const annotation = writePoints(placed);
    if (Buffer.byteLength(annotation) > MAX_TEXT) {
      const details = { message: 'The points need more bytes than the table can hold.', expected: `${MAX_TEXT} bytes` };
      keypointFindings.report(notes, 'annotation-too-long', () => ({ ...place, ...details }));
    }
    return { annotation, values: stored === -1 ? values : values.with(stored, writeVisibility(placed)) };
  };
  yield* readFileRecords(eachRow(rows), complete, context);

  if (fileAt !== undefined && dataset.complete) await folder.reportUnnamed(report, context.namedElsewhere);
  if (poses.unit) {
    const { value, row } = poses.unit;
    const unit = value === 'pixels' ? value : 'fractions of the image';
    report.note?.(`The points are ${unit}, as row ${row} shows.`);
  }
  for (const count of objects.own) context.statistics?.measure('objects', count);
  if (context.handOn) context.handOn(tally.partial());
  else tally.finish(report, dataset.file);
}

/** Returns how the manifest spells the columns of points, or the schema, whose names count. */
function columnsOf(header: readonly string[], { schema }: TaskContext<KeypointOptions>): PoseColumns {
  const spelled = (name: string) => {
    const isSame = (one: string) => fold(one) === fold(name);
    const declared = schema.find((column) => isSame(column.name))?.name;
    return declared ?? (header.includes(name) ? name : (header.find(isSame) ?? name));
  };
  return { annotation: spelled('Annotation'), visibility: spelled('Visibility') };
}

const fold = (name: string): string => name.trim().toLowerCase();

/** Counts the objects of each image whose first row this process stores. */
class ObjectCount {
  readonly #counts = new Map<string, { count: number; isOwn: boolean }>();

  add(file: { stem: string; repeated: boolean } | undefined, isOwn: boolean): void {
    if (!file) return;
    const known = this.#counts.get(file.stem) ?? { count: 0, isOwn: false };
    known.count++;
    known.isOwn ||= isOwn && !file.repeated;
    this.#counts.set(file.stem, known);
  }

  get own(): number[] {
    return [...this.#counts.values()].filter(({ isOwn }) => isOwn).map(({ count }) => count);
  }
}
