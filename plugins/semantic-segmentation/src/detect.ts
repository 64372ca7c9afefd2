import type { Detection, Misfit, Survey, TaskType } from '@tracebloc/ingestor-contract';
import { describeMasked, detectGivenImages, sampleIndices, surveyMasked } from '@tracebloc/ingestor-images';
import { MASKS, TARGET_SIZE } from './options.js';

/** The number of masks that are looked at. */
const SOME_MASKS = 50;

/** Recognises a folder of images and a folder of masks beside it, with a table whose rows name both. */
export async function detect(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const found = await surveyMasked(survey, MASKS, label);
  if ('reason' in found) return found;
  const { folder, extension, count, manifest, labels, masks, maskNames } = found;
  const values = await sampleIndices(masks.path, maskNames, SOME_MASKS);
  const { fields, fileOptions, comments } = describeMasked(found.sizes, values, TARGET_SIZE);
  return {
    fit: 'certain',
    found: `${count} ${extension} images in ${folder.name}/ with ${maskNames.length} masks in ${masks.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: [],
    fields: { images: folder.name, masks: masks.name, ...found.fields, ...fields },
    fileOptions: { ...(extension === '.jpg' ? {} : { extension }), ...fileOptions },
    comments,
  };
}

/** Describes the images and the masks of a data layout. */
export const configure: TaskType['configure'] = async ({ images, masks }) => {
  const { extension, measures, fileOptions: own } = await detectGivenImages(images, true);
  const names = Array.from(masks?.files ?? [], ({ name }) => name);
  const values = masks ? await sampleIndices(masks, names, SOME_MASKS) : new Set<number>();
  const { fields, fileOptions, comments } = describeMasked(measures.upright, values, TARGET_SIZE, masks?.classes);
  return {
    fields,
    fileOptions: { ...(extension === '.jpg' ? {} : { extension }), ...fileOptions, ...own },
    comments,
  };
};
