import { basename } from 'node:path';
import type {
  Detection,
  JsonObject,
  LayoutTable,
  ManifestProfile,
  Misfit,
  SourceFolder,
  Survey,
} from '@tracebloc/ingestor-contract';
import { narrowLabels, surveyFiles } from '@tracebloc/ingestor-dataset';
import {
  type CountedSize,
  IMAGE_EXTENSIONS,
  MIN_SIZE,
  MIN_SIZE_COMMENT,
  type MeasuredImages,
  detectGivenImages,
  measureImages,
  neededMinSize,
  showSize,
} from '@tracebloc/ingestor-images';
import { parseObject } from './pose.js';

const ROWS =
  'a row for each object, with the name of its image in the column filename, its points as JSON in the column Annotation, which of them can be seen in the column Visibility, and its class in the column label';

/** Recognises images and a table with the points of their objects. */
export async function detect(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const table = survey.manifests.find((manifest) => find(manifest, 'annotation') && find(manifest, 'visibility'));
  if (!table) {
    return {
      reason: 'no table has the columns Annotation and Visibility',
      fix: 'Write a row for each object. Its column Annotation has the points as JSON, such as {"nose": [12, 30], "tail": [80, 41]}. Its column Visibility has {"nose": 1, "tail": 0}.',
    };
  }
  const images = surveyFiles(survey, 'images', IMAGE_EXTENSIONS, label, ROWS, false);
  if ('reason' in images) return images;
  const { folder, extension, count, filename } = images;
  const [points, seen] = [find(table, 'annotation')!, find(table, 'visibility')!];
  const number = await countPoints(table, points);
  const file = basename(table.path);
  if (number === undefined) {
    return {
      reason: `the column ${points} of ${file} does not hold points as JSON`,
      fix: `Write each cell of ${points} as a JSON object of points, such as {"nose": [12, 30], "tail": [80, 41]}.`,
      near: true,
    };
  }
  const others = table.columns.map(({ name }) => name).filter((name) => ![points, seen, filename.name].includes(name));
  const labels = label === undefined ? narrowLabels(others) : [label];
  if (labels.length === 0) {
    return {
      reason: `${file} has no column of labels`,
      fix: `Add to ${file} a column label with the class of each object, such as person.`,
      near: true,
    };
  }
  const { fields, fileOptions, comments } = describe(await measureImages(survey, folder.path, extension));
  return {
    fit: 'certain',
    found: `a folder of ${count} ${extension} images, ${folder.name}/, and a table of ${table.rows} objects with ${number} points each`,
    manifest: {
      ...table,
      columns: table.columns.map((column) => (column.name === seen ? { ...column, sql: 'TEXT' } : column)),
    },
    labels,
    schema: [seen],
    fields: { images: folder.name, ...images.fields, ...fields, number_of_keypoints: number },
    fileOptions: { ...(extension === '.jpg' ? {} : { extension }), ...fileOptions },
    comments,
  };
}

/** Returns what the images of a dataset in a data layout need, and the number of its points. */
export async function configure(folders: { images?: SourceFolder }, table?: LayoutTable) {
  const images = await detectGivenImages(folders.images, true);
  const { fields, fileOptions: own, comments } = describe(images.measures);
  const at = table?.columns.findIndex(({ name }) => name === 'Annotation') ?? -1;
  let number: number | undefined;
  if (table && at !== -1 && table.rows > 0) {
    for await (const { rows } of table.read(0, 1, [at])) number ??= pointsOf(rows[0]?.[0]);
  }
  const { extension } = images;
  const fileOptions = { ...(extension === '.jpg' ? {} : { extension }), ...own, ...images.fileOptions };
  return {
    fields: { ...fields, ...(number && { number_of_keypoints: number }) },
    fileOptions,
    comments: { ...images.comments, ...comments },
  };
}

/** Returns the options with which images are valid. Points are those of the stored pixels. */
function describe({ stored, upright }: Pick<MeasuredImages, 'stored' | 'upright'>) {
  const sizes = stored.length > 1 ? upright : stored;
  const [most] = sizes;
  const minSize = neededMinSize(sizes, MIN_SIZE);
  const fields: JsonObject = most ? { target_size: [most.width, most.height] } : {};
  const fileOptions: JsonObject = {
    ...(stored.length > 1 && { fit: 'contain' }),
    ...(minSize && { min_size: minSize }),
  };
  const comments = {
    target_size: describeSizes(sizes),
    fit: 'the images differ in size: contain keeps their shape and pads with black, cover cuts off, stretch changes it',
    min_size: MIN_SIZE_COMMENT,
    number_of_keypoints: 'the number of points of the first object',
  };
  return { fields, fileOptions, comments };
}

function describeSizes([most, ...others]: readonly CountedSize[]): string {
  if (!most || others.length === 0) return 'the width and height of all images';
  const all = [most, ...others].reduce((sum, { count }) => sum + count, 0);
  return `${most.count} of ${all} images are ${showSize(most)}; the others are brought to this size`;
}

const find = ({ columns }: ManifestProfile, wanted: string): string | undefined =>
  columns.find(({ name }) => name.trim().toLowerCase() === wanted)?.name;

/** Returns the number of points in the first row that has any. */
async function countPoints({ reopen }: ManifestProfile, column: string): Promise<number | undefined> {
  const opened = await reopen?.();
  const at = opened?.header.indexOf(column) ?? -1;
  if (!opened || at === -1) return undefined;
  for await (const { rows } of opened.batches) {
    const found = rows.map((cells) => pointsOf(cells[at])).find((count) => count !== undefined);
    if (rows.length > 0) return found;
  }
  return undefined;
}

const pointsOf = (cell = ''): number | undefined => Object.keys(parseObject(cell) ?? {}).length || undefined;
