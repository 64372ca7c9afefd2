import type { Detection, Misfit, Survey, TaskType } from '@tracebloc/ingestor-contract';
import { surveyFiles } from '@tracebloc/ingestor-dataset';
import {
  CONVERTIBLE_EXTENSIONS,
  type DetectedImages,
  detectGivenImages,
  detectImages,
  listSizes,
} from '@tracebloc/ingestor-images';

type Configured = Pick<Detection, 'fields' | 'fileOptions' | 'comments'>;

/**
 * Recognises a folder of images and a table whose rows name them. Other tasks have such folders too.
 * Annotations beside the images make another task more likely.
 */
export async function detect(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const images = surveyFiles(survey, 'images', CONVERTIBLE_EXTENSIONS, label);
  if ('reason' in images) return images;
  const { folder, extension: found, count, manifest, labels } = images;
  const isAnnotated = survey.folders.some(({ extensions }) => extensions['.xml']);
  const own = describe(await detectImages(survey, images, false));
  return {
    fit: isAnnotated ? 'possible' : 'likely',
    found: `a folder of ${count} ${found} images, ${folder.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: [],
    ...own,
    fields: { images: folder.name, ...images.fields, ...own.fields },
  };
}

/** Returns the options with which images are valid that a data layout gives. */
export const configure: TaskType['configure'] = async ({ images }) => describe(await detectGivenImages(images, false));

function describe({ extension, measures, convert, fileOptions, comments }: DetectedImages): Configured {
  // Training reads the pixels as they are stored. Only images that are fitted or converted are turned upright.
  const isFitted = (convert ? measures.upright : measures.stored).length > 1;
  const sizes = isFitted || convert ? measures.upright : measures.stored;
  const [most] = sizes;
  return {
    fields: most ? { target_size: [most.width, most.height] } : {},
    fileOptions: { extension, ...(isFitted && { fit: 'contain' }), ...fileOptions },
    comments: {
      ...comments,
      target_size: isFitted
        ? `the most common size; the images have ${listSizes(sizes)}`
        : 'the width and height of all images',
      fit: 'the images differ in size: contain keeps their shape and pads with black, cover cuts off, stretch changes it',
    },
  };
}
