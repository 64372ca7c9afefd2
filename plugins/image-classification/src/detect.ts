import type { Detection, JsonObject, Misfit, Survey } from '@tracebloc/ingestor-contract';
import { surveyFiles } from '@tracebloc/ingestor-dataset';
import {
  type CountedSize,
  IMAGE_EXTENSIONS,
  MIN_SIZE,
  MIN_SIZE_COMMENT,
  measureImages,
  neededMinSize,
  showSize,
} from '@tracebloc/ingestor-images';

/**
 * Recognises a folder of images and a table whose rows name them. Other tasks have such folders too.
 * Annotations beside the images make another task more likely.
 */
export async function detect(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const images = surveyFiles(survey, 'images', IMAGE_EXTENSIONS, label);
  if ('reason' in images) return images;
  const { folder, extension, count, manifest, labels } = images;
  const isAnnotated = survey.folders.some(({ extensions }) => extensions['.xml']);
  // Training reads the pixels as they are stored.
  const { stored } = await measureImages(survey, folder.path, extension);
  const [most] = stored;
  const minSize = neededMinSize(stored, MIN_SIZE);
  const fileOptions: JsonObject = { extension, ...(minSize && { min_size: minSize }) };
  return {
    fit: isAnnotated ? 'possible' : 'likely',
    found: `a folder of ${count} ${extension} images, ${folder.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: [],
    fields: {
      images: folder.name,
      ...images.fields,
      ...(most && { target_size: [most.width, most.height] }),
    },
    fileOptions,
    comments: {
      target_size: describeSizes(stored),
      min_size: MIN_SIZE_COMMENT,
    },
  };
}

function describeSizes([most, ...others]: readonly CountedSize[]): string {
  if (others.length === 0) return 'the width and height of all images';
  const rest = others.reduce((sum, { count }) => sum + count, 0);
  const size = `${most!.count} of ${most!.count + rest} images are ${showSize(most!)}`;
  return `${size}; bring the others to this size, or choose another and bring all images to it`;
}
