import type { Detection, FolderProfile, ManifestProfile, Survey } from '@tracebloc/ingestor-contract';
import { surveyFiles } from '@tracebloc/ingestor-dataset';
import { IMAGE_EXTENSIONS } from '@tracebloc/ingestor-images';

/** Recognises a folder of images and a folder of XML beside it, with a table whose rows name them. */
export async function detect(survey: Survey): Promise<Detection | undefined> {
  const images = surveyFiles(survey, 'images', IMAGE_EXTENSIONS);
  const annotations = survey.folders.filter(({ extensions }) => extensions['.xml']).sort(byNumberOfXml)[0];
  if (!images || !annotations) return undefined;
  const { folder, extension, count, manifest, labels } = images;
  return {
    fit: 'certain',
    found: `${count} ${extension} images in ${folder.name}/ with ${annotations.extensions['.xml']} annotations in ${annotations.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: hasRowPerImage(manifest)
      ? manifest.columns.map(({ name }) => name).filter((name) => !isFilename(name))
      : [],
    fields: { images: folder.name, annotations: annotations.name },
    fileOptions: extension === '.jpg' ? {} : { extension },
  };
}

const byNumberOfXml = (a: FolderProfile, b: FolderProfile): number => b.extensions['.xml']! - a.extensions['.xml']!;

const isFilename = (name: string): boolean => name.trim().toLowerCase() === 'filename';

/** If each row is an object, its further columns do not describe the image as a whole. */
function hasRowPerImage({ columns, rows }: ManifestProfile): boolean {
  return columns.some(({ name, distinct }) => isFilename(name) && distinct === rows);
}
