import type { Detection, Survey } from '@tracebloc/ingestor-contract';
import { surveyFiles } from '@tracebloc/ingestor-dataset';
import { IMAGE_EXTENSIONS } from '@tracebloc/ingestor-images';

/**
 * Recognises a folder of images and a table whose rows name them. Other tasks have such folders too.
 * Annotations beside the images make another task more likely.
 */
export async function detect(survey: Survey): Promise<Detection | undefined> {
  const images = surveyFiles(survey, 'images', IMAGE_EXTENSIONS);
  if (!images) return undefined;
  const { folder, extension, count, manifest, labels } = images;
  const isAnnotated = survey.folders.some(({ extensions }) => extensions['.xml']);
  return {
    fit: isAnnotated ? 'possible' : 'likely',
    found: `a folder of ${count} ${extension} images, ${folder.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: [],
    fields: { images: folder.name },
    fileOptions: { extension },
  };
}
