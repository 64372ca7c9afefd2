import type { Detection, JsonObject, Misfit, Survey } from '@tracebloc/ingestor-contract';
import { surveyFiles } from '@tracebloc/ingestor-dataset';
import { CONVERTIBLE_EXTENSIONS, detectImages, listSizes } from '@tracebloc/ingestor-images';

/**
 * Recognises a folder of images and a table whose rows name them. Other tasks have such folders too.
 * Annotations beside the images make another task more likely.
 */
export async function detect(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const images = surveyFiles(survey, 'images', CONVERTIBLE_EXTENSIONS, label);
  if ('reason' in images) return images;
  const { folder, extension: found, count, manifest, labels } = images;
  const isAnnotated = survey.folders.some(({ extensions }) => extensions['.xml']);
  const { extension, measures, convert, fileOptions, comments } = await detectImages(survey, images, false);
  // Training reads the pixels as they are stored. Only images that are fitted or converted are turned upright.
  const isFitted = (convert ? measures.upright : measures.stored).length > 1;
  const sizes = isFitted || convert ? measures.upright : measures.stored;
  const [most] = sizes;
  const options: JsonObject = { extension, ...(isFitted && { fit: 'contain' }), ...fileOptions };
  return {
    fit: isAnnotated ? 'possible' : 'likely',
    found: `a folder of ${count} ${found} images, ${folder.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: [],
    fields: {
      images: folder.name,
      ...images.fields,
      ...(most && { target_size: [most.width, most.height] }),
    },
    fileOptions: options,
    comments: {
      ...comments,
      target_size: isFitted
        ? `the most common size; the images have ${listSizes(sizes)}`
        : 'the width and height of all images',
      fit: 'the images differ in size: contain keeps their shape and pads with black, cover cuts off, stretch changes it',
    },
  };
}
