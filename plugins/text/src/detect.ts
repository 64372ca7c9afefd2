import type { Detection, Misfit, Survey } from '@tracebloc/ingestor-contract';
import { listNames } from '@tracebloc/ingestor-core';
import { type DetectedTexts, detectTexts, type TextFit } from '@tracebloc/ingestor-dataset';

/** A table with more columns is not likely to be meant as texts and their classes. */
const MAX_COLUMNS = 4;

const detectTable = detectTexts({
  isLabelled: true,
  columns: [
    ['text'],
    ['texts'],
    ['review'],
    ['comment'],
    ['message'],
    ['body'],
    ['content'],
    ['sentence'],
    ['description'],
    ['document'],
  ],
  judge(found) {
    // Lists of tags are hardly classes.
    const labels = found.labels.filter((name) => !found.tags.includes(name));
    if (labels.length === 0) {
      return {
        reason: 'the labels are lists of tags, and not classes',
        fix: 'Name the column of the classes with --label <column>, or use the task token_classification.',
      };
    }
    return { ...(caveatOfColumns(found) ?? { fit: found.columns.length > 0 ? 'certain' : 'likely' }), labels };
  },
});

/** Returns the fit of texts in a table that has so many columns that it is probably meant for another task. */
export function caveatOfColumns({ manifest, columns }: DetectedTexts): TextFit | undefined {
  if (columns.length === 0 || manifest.columns.length <= MAX_COLUMNS) return undefined;
  return { fit: 'possible', caveat: `${listNames(columns)} may hold the texts` };
}

/** Recognises texts, in files or in a table, and their classes. Other tasks with texts have both too. */
export async function detectClasses(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const found = await detectTable(survey, label);
  const { manifests, folders } = survey;
  const bare = folders.filter(({ extensions }) => extensions['']).map(({ name }) => `${name}/`);
  if ('fit' in found || manifests.length > 0 || bare.length === 0) return found;
  return {
    reason: `the files in ${listNames(bare, 5)} have no extension, and no table names them`,
    fix: 'Move all files into one folder, texts/, each with a separate name and the extension .txt. If the folders are classes, write a table, labels.csv, beside it: a row for each file, with its name in the column filename and the name of its former folder in the column label.',
    near: true,
  };
}
