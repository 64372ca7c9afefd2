import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Detection, FolderProfile, Misfit, SourceFolder, Survey, TaskType } from '@tracebloc/ingestor-contract';
import { surveyFiles } from '@tracebloc/ingestor-dataset';
import {
  IMAGE_EXTENSIONS,
  MIN_SIZE,
  MIN_SIZE_COMMENT,
  type ImageSize,
  detectGivenImages,
  measureImages,
  neededMinSize,
  sampleIndices,
  showSize,
} from '@tracebloc/ingestor-images';

/** The column that names the mask of each row. */
export const MASK_ID = 'mask_id';
/** The number of masks that are looked at. */
const MASKS = 50;
const ROWS =
  'a row for each image, with its name in the column filename, that of its mask in the column mask_id, and its class in the column label';

/** Recognises a folder of images and a folder of masks beside it, with a table whose rows name both. */
export async function detect(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const masks = findMasks(survey);
  if (!masks) {
    return {
      reason: 'there is no folder of masks in PNG',
      fix: 'Put a PNG for each image, <name of the image>_mask.png, whose pixels are numbers of classes, into a folder masks/ beside the table.',
    };
  }
  const images = surveyFiles(
    { ...survey, folders: survey.folders.filter((folder) => folder !== masks) },
    ...(['images', IMAGE_EXTENSIONS, label, ROWS] as const),
  );
  if ('reason' in images) return images;
  const { folder, extension, count, manifest, labels, filename } = images;
  const table = basename(manifest.path);
  const column = manifest.columns.find(({ name }) => name.trim().toLowerCase() === MASK_ID);
  if (!column) {
    const other = manifest.columns.find((one) => one !== filename && one.files?.[masks.name]);
    return {
      reason: `${table} has no column ${MASK_ID}, which names the masks in ${masks.name}/`,
      fix: other
        ? `Rename the column ${other.name} of ${table} to ${MASK_ID}.`
        : `Add to ${table} a column ${MASK_ID} with the name of each row's mask in ${masks.name}/.`,
      near: true,
    };
  }
  const names = (await readdir(masks.path)).filter((name) => /\.png$/i.test(name) && !name.startsWith('.')).sort();
  if (!names.some((name) => /_mask\.png$/i.test(name))) {
    return {
      reason: `the masks in ${masks.name}/ are not called <name of the image>_mask.png`,
      fix: `Rename each mask in ${masks.name}/, and its name in the column ${column.name} of ${table}: the mask of cat${extension} is cat_mask.png.`,
      near: true,
    };
  }
  const { upright } = await measureImages(survey, folder.path, extension);
  const { fields, fileOptions, comments } = describe(upright, await sampleIndices(masks.path, names, MASKS));
  return {
    fit: 'certain',
    found: `${count} ${extension} images in ${folder.name}/ with ${names.length} masks in ${masks.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest: {
      ...manifest,
      columns: manifest.columns.map((one) => (one === column ? { ...one, sql: 'VARCHAR(255)' } : one)),
    },
    labels,
    schema: [column.name],
    fields: { images: folder.name, masks: masks.name, ...images.fields, ...fields },
    fileOptions: { ...(extension === '.jpg' ? {} : { extension }), ...fileOptions },
    comments,
  };
}

/** Describes the images and the masks of a data layout. */
export const configure: TaskType['configure'] = async ({ images, masks }) => {
  const { extension, measures, fileOptions: own } = await detectGivenImages(images, true);
  const names = Array.from(masks?.files ?? [], ({ name }) => name);
  const values = masks ? await sampleIndices(masks, names, MASKS) : new Set<number>();
  const { fields, fileOptions, comments } = describe(measures.upright, values, masks?.classes);
  return {
    fields,
    fileOptions: { ...(extension === '.jpg' ? {} : { extension }), ...fileOptions, ...own },
    comments,
  };
};

/** Returns the options with which images of these sizes and masks of these values are valid. */
function describe(
  sizes: readonly (ImageSize & { count: number })[],
  values: ReadonlySet<number>,
  classes?: SourceFolder['classes'],
): Required<Pick<Detection, 'fields' | 'fileOptions' | 'comments'>> {
  const [most, ...others] = sizes;
  const minSize = neededMinSize(sizes, MIN_SIZE);
  const isIgnored = values.has(255) && values.size > 2 && classes?.[255] === undefined;
  return {
    fields: {
      ...(most && { target_size: others.length > 0 ? [512, 512] : [most.width, most.height] }),
      ...(classes && { classes: { ...classes } }),
      ...(isIgnored && { ignore: 255 }),
    },
    fileOptions: { ...(others.length > 0 && { fit: 'contain' }), ...(minSize && { min_size: minSize }) },
    comments: {
      target_size:
        most && others.length === 0
          ? 'the width and height of all images'
          : 'the width and height to which images and masks are brought',
      ...(most && {
        fit: `the images have ${sizes.length} sizes, and most are ${showSize(most)}: contain keeps their shape and pads, cover cuts off, stretch changes it`,
      }),
      ignore: 'masks have pixels of 255, which in most datasets belong to no class; remove it if they are a class',
      min_size: MIN_SIZE_COMMENT,
    },
  };
}

/** Returns the folder that has most files in PNG and is called after masks, the one called masks first. */
function findMasks({ folders }: Survey): FolderProfile | undefined {
  const found = folders.filter(({ name, extensions }) => extensions['.png'] && /mask|segment|annot|label/i.test(name));
  return found.find(({ name }) => name.toLowerCase() === 'masks') ?? found[0];
}
