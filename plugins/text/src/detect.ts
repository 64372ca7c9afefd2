import type { ColumnProfile, Detection, ManifestProfile, Misfit, Survey } from '@tracebloc/ingestor-contract';
import { basename } from 'node:path';
import { listNames } from '@tracebloc/ingestor-core';
import { detectFolderEncoding, surveyFiles } from '@tracebloc/ingestor-dataset';
import { DEFAULT_EXTENSION, EXTENSIONS } from './options.js';

/** The usual names of columns that hold texts. */
const TEXT_NAMES = [
  'text',
  'texts',
  'review',
  'comment',
  'message',
  'body',
  'content',
  'sentence',
  'description',
  'document',
];

/** A table with more columns is not likely to be meant as texts and their classes. */
const MAX_COLUMNS = 3;

/** Recognises a folder of texts and a table that names them and their classes. Other tasks with texts have both too. */
export async function detect(survey: Survey, label?: string): Promise<Detection | Misfit> {
  const files = surveyFiles(survey, 'texts', EXTENSIONS, label);
  if ('reason' in files) return explain(survey, label, files);
  const { folder, extension, count, manifest, labels } = files;
  const encoding = await detectFolderEncoding(folder.path, extension);
  return {
    fit: 'likely',
    found: `a folder of ${count} ${extension} files, ${folder.name}/, and a table of ${manifest.rows} rows that names them`,
    manifest,
    labels,
    schema: [],
    fields: { texts: folder.name, ...files.fields },
    fileOptions: { ...(extension !== DEFAULT_EXTENSION && { extension }), ...(encoding && { encoding }) },
    ...(encoding && { comments: { encoding: 'the files are not UTF-8, and make words in this encoding' } }),
  };
}

/** Looks for texts that are there in another form. */
function explain({ manifests: [manifest], folders }: Survey, label: string | undefined, missing: Misfit): Misfit {
  const hasFolder = folders.some(({ extensions }) => EXTENSIONS.some((extension) => extensions[extension]));
  if (hasFolder) return missing;
  const text = manifest && findText(manifest, label);
  if (text) {
    const table = basename(manifest.path);
    return {
      reason: `the texts are in the column ${text} of ${table}, and each must be a separate file`,
      fix: `Beside ${table}, make a folder texts/. Write each cell of ${text} to a file there, in UTF-8 and with the extension ${DEFAULT_EXTENSION}, such as texts/1${DEFAULT_EXTENSION}. Add a column filename with the name of each row's file, and remove the column ${text}.`,
      near: manifest.columns.length <= MAX_COLUMNS,
    };
  }
  if (manifest) return missing;
  const bare = folders.filter(({ extensions }) => extensions['']).map(({ name }) => `${name}/`);
  if (bare.length === 0) return missing;
  return {
    reason: `the files in ${listNames(bare, 5)} have no extension, and no table names them`,
    fix: `Move all files into one folder, texts/, each with a separate name and the extension ${DEFAULT_EXTENSION}. If the folders are classes, write a table, labels.csv, beside it: a row for each file, with its name in the column filename and the name of its former folder in the column label.`,
    near: true,
  };
}

/** Returns the column that most likely holds texts: one with the usual name, or else the only long one. */
function findText({ columns, rows }: ManifestProfile, label: string | undefined): string | undefined {
  const texts = columns.filter(
    ({ name, sql, distinct }) => name !== label && /^(VARCHAR|TEXT)/.test(sql) && distinct > 1,
  );
  const named = texts.find(({ name }) => TEXT_NAMES.includes(name.trim().toLowerCase()));
  const long = texts.filter((column) => isLong(column) && (column.moreDistinct || column.distinct * 2 > rows));
  return (named ?? (long.length === 1 ? long[0] : undefined))?.name;
}

const isLong = ({ sql }: ColumnProfile): boolean => sql === 'TEXT' || Number(/\((\d+)\)/.exec(sql)?.[1] ?? 0) > 64;
