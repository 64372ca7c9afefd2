import type { Detection, Survey } from '@tracebloc/ingestor-contract';
import { detectFolderEncoding, surveyFiles } from '@tracebloc/ingestor-dataset';
import { DEFAULT_EXTENSION, EXTENSIONS } from './options.js';

/** Recognises a folder of texts and a table that names them and their classes. Other tasks with texts have both too. */
export async function detect(survey: Survey): Promise<Detection | undefined> {
  const files = surveyFiles(survey, 'texts', EXTENSIONS);
  if (!files || files.labels.length === 0) return undefined;
  const { folder, extension, count, manifest, labels } = files;
  const encoding = await detectFolderEncoding(folder.path, extension);
  return {
    fit: 'likely',
    found: `a folder of ${count} ${extension} files, ${folder.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: [],
    fields: { texts: folder.name },
    fileOptions: { ...(extension !== DEFAULT_EXTENSION && { extension }), ...(encoding && { encoding }) },
  };
}
