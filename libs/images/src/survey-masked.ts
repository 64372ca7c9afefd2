import { readdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type {
  ColumnProfile,
  Detection,
  FolderProfile,
  Misfit,
  SourceFolder,
  Survey,
} from '@tracebloc/ingestor-contract';
import { type SurveyedFiles, surveyFiles } from '@tracebloc/ingestor-dataset';
import { type CountedSize, measureImages, neededMinSize } from './measure.js';
import { IMAGE_EXTENSIONS, MIN_SIZE, MIN_SIZE_COMMENT } from './options.js';
import { showSize } from './size-check.js';

/** A folder of images and one of their masks, with a table whose rows name both. */
export interface SurveyedMasks extends SurveyedFiles {
  masks: FolderProfile;
  /** The names of the masks, in order. */
  maskNames: readonly string[];
  /** The column that names the masks. */
  maskColumn: ColumnProfile;
  /** The sizes of the upright images, the most common first. */
  sizes: readonly CountedSize[];
}

export interface MaskNames {
  /** The column that names the mask of each row. */
  column: string;
  /** What the name of a mask has after that of its image: `_mask`. */
  suffix: string;
}

/** Finds images with masks in PNG, and a table that names both. Returns what is missing, and what to do, if there is no such data. */
export async function surveyMasked(
  survey: Survey,
  { column: wanted, suffix }: MaskNames,
  label?: string,
): Promise<SurveyedMasks | Misfit> {
  const masks = findMasks(survey);
  if (!masks) {
    return {
      reason: 'there is no folder of masks in PNG',
      fix: `Put a PNG for each image, <name of the image>${suffix}.png, whose pixels are numbers of classes, into a folder masks/ beside the table.`,
    };
  }
  const rows = `a row for each image, with its name in the column filename, that of its mask in the column ${wanted}, and its class in the column label`;
  const others = { ...survey, folders: survey.folders.filter((folder) => folder !== masks) };
  const images = surveyFiles(others, 'images', IMAGE_EXTENSIONS, label, rows);
  if ('reason' in images) return images;
  const { folder, extension, manifest, filename } = images;
  const table = basename(manifest.path);
  const maskColumn = manifest.columns.find(({ name }) => name.trim().toLowerCase() === wanted);
  if (!maskColumn) {
    const other = manifest.columns.find((one) => one !== filename && one.files?.[masks.name]);
    return {
      reason: `${table} has no column ${wanted}, which names the masks in ${masks.name}/`,
      fix: other
        ? `Rename the column ${other.name} of ${table} to ${wanted}.`
        : `Add to ${table} a column ${wanted} with the name of each row's mask in ${masks.name}/.`,
      near: true,
    };
  }
  const maskNames = (await readdir(masks.path)).filter((name) => isPng(name) && !name.startsWith('.')).sort();
  if (!maskNames.some((name) => name.slice(0, -extname(name).length).endsWith(suffix))) {
    return {
      reason: `the masks in ${masks.name}/ are not called <name of the image>${suffix}.png`,
      fix: `Rename each mask in ${masks.name}/, and its name in the column ${maskColumn.name} of ${table}: the mask of cat${extension} is cat${suffix}.png.`,
      near: true,
    };
  }
  const { upright: sizes } = await measureImages(survey, folder.path, extension);
  return { ...images, masks, maskNames, maskColumn, sizes };
}

const isPng = (name: string): boolean => extname(name).toLowerCase() === '.png';

/** Returns the folder of PNGs that is called after masks, the one called masks first. */
function findMasks({ folders }: Survey): FolderProfile | undefined {
  const found = folders.filter(({ name, extensions }) => extensions['.png'] && /mask|segment|annot|label/i.test(name));
  return found.find(({ name }) => name.toLowerCase() === 'masks') ?? found[0];
}

/** What `init` writes for images with masks. */
type MaskedOptions = Required<Pick<Detection, 'fields' | 'fileOptions' | 'comments'>>;

/**
 * Returns the options with which images of these sizes and masks of these indices are valid: their own size, or `usual` and `fit` if
 * they differ; `min_size`; the names of the classes, if they are known; and 255 as what is ignored, if it is none of two indices.
 */
export function describeMasked(
  sizes: readonly CountedSize[],
  indices: ReadonlySet<number>,
  usual: readonly [number, number],
  classes?: SourceFolder['classes'],
): MaskedOptions {
  const [most, ...others] = sizes;
  const isFitted = others.length > 0;
  const minSize = neededMinSize(sizes, MIN_SIZE);
  const isIgnored = indices.has(255) && indices.size > 2 && classes?.[255] === undefined;
  return {
    fields: {
      ...(most && { target_size: isFitted ? [...usual] : [most.width, most.height] }),
      ...(classes && { classes: { ...classes } }),
      ...(isIgnored && { ignore: 255 }),
    },
    fileOptions: { ...(isFitted && { fit: 'contain' }), ...(minSize && { min_size: minSize }) },
    comments: {
      target_size: isFitted
        ? 'the width and height to which images and masks are brought'
        : 'the width and height of all images',
      ...(most && {
        fit: `the images have ${sizes.length} sizes, and most are ${showSize(most)}: contain keeps their shape and pads, cover cuts off, stretch changes it`,
      }),
      ignore: 'masks have pixels of 255, which in most datasets belong to no class; remove it if they are a class',
      min_size: MIN_SIZE_COMMENT,
    },
  };
}
