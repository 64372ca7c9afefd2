import type { Detection, FolderProfile, Misfit, Survey, TaskType } from '@tracebloc/ingestor-contract';
import { type SurveyedFiles, surveyFiles } from '@tracebloc/ingestor-dataset';
import {
  CONVERTIBLE_EXTENSIONS,
  type CountedSize,
  type DetectedImages,
  detectGivenImages,
  detectImages,
  listSizes,
  showSize,
} from '@tracebloc/ingestor-images';
import { TARGET_SIZE } from './options.js';

type Configured = Pick<Detection, 'fields' | 'fileOptions' | 'comments'>;

/** What the rows of the table say. */
const ROWS =
  'a row for each object, with the name of its image in the column filename and the <name> of the annotation in the column label';

/** Recognises a folder of images and a folder of XML beside it, with a table whose rows name them. */
export async function detect(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const annotations = survey.folders.filter(({ extensions }) => extensions['.xml']).sort(byNumberOfXml)[0];
  if (!annotations) {
    return {
      reason: 'there is no folder of annotations in XML',
      fix: 'Put a Pascal VOC file for each image, with the name of the image and .xml, into a folder annotations/ beside the table.',
    };
  }
  const images = surveyFiles(survey, 'images', CONVERTIBLE_EXTENSIONS, label, ROWS, false);
  if ('reason' in images) return images;
  const { folder, extension: found, count, manifest, labels } = images;
  const own = describe(await detectImages(survey, images, true));
  return {
    fit: 'certain',
    found: `${count} ${found} images in ${folder.name}/ with ${annotations.extensions['.xml']} annotations in ${annotations.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: hasRowPerImage(images)
      ? manifest.columns.map(({ name }) => name).filter((name) => name !== images.filename.name)
      : [],
    ...own,
    fields: { images: folder.name, annotations: annotations.name, ...images.fields, ...own.fields },
  };
}

/** Returns the options with which images are valid that a data layout gives. */
export const configure: TaskType['configure'] = async ({ images }) => describe(await detectGivenImages(images, true));

function describe({ extension, measures, fileOptions, comments }: DetectedImages): Configured {
  const fit = neededFit(measures.upright);
  return {
    fields: { target_size: [...TARGET_SIZE] },
    fileOptions: { ...(extension === '.jpg' ? {} : { extension }), ...(fit && { fit: 'contain' }), ...fileOptions },
    comments: {
      ...comments,
      target_size: `the width and height to which the images are resized, with their boxes; ${describeSizes(measures.upright)}`,
      ...(fit && { fit }),
    },
  };
}

const byNumberOfXml = (a: FolderProfile, b: FolderProfile): number => b.extensions['.xml']! - a.extensions['.xml']!;

/** If each row is an object, its further columns do not describe the image as a whole. */
function hasRowPerImage({ filename, manifest }: SurveyedFiles): boolean {
  return filename.distinct === manifest.rows;
}

/** Returns why `fit` is needed, or `undefined` if all images are of one size with the shape of the target. */
function neededFit(sizes: readonly CountedSize[]): string | undefined {
  const hasOtherShape = sizes.some(({ width, height }) => width * TARGET_SIZE[1] !== height * TARGET_SIZE[0]);
  const why = hasOtherShape ? 'the images are not square' : sizes.length > 1 ? 'the images differ in size' : undefined;
  return why && `${why}: contain keeps their shape and pads with black, cover cuts off, stretch changes it`;
}

function describeSizes([most, ...others]: readonly CountedSize[]): string {
  if (!most) return 'no image could be measured';
  return others.length === 0 ? `all are ${showSize(most)}` : `they have ${listSizes([most, ...others])}`;
}
