import { basename } from 'node:path';
import type { ColumnProfile, Detection, Fit, ManifestProfile, Misfit, Survey } from '@tracebloc/ingestor-contract';
import { detectFolderEncoding } from '../encoding/detect-folder.js';
import { labelsOf, surveyNamedFiles, surveyFiles } from '../survey/survey-files.js';
import { DEFAULT_TEXT_EXTENSION, TEXT_COLUMN, TEXT_EXTENSIONS } from './options.js';
import { lookAtTexts } from './sample.js';
import { findTextColumns } from './text-columns.js';

/** What the rows of a table are that names texts without labels. */
const UNLABELLED_ROWS = 'a row for each file, with its name in the column filename';

/** Texts that were found beside, or in, a table. */
export interface DetectedTexts {
  manifest: ManifestProfile;
  /** The folder of the texts, or the columns that hold them. */
  folder?: string;
  columns: readonly string[];
  /** The number of fields of each text, if they are one line with a tab between two; 1 for texts of one column; else 0. */
  fields: number;
  /** The columns that may be the label, the likeliest first. */
  labels: readonly string[];
  /** The column that the user named as the label. */
  named?: string;
  /** The columns that hold lists of tags. */
  tags: readonly string[];
}

/** How well texts fit a task. */
export interface TextFit {
  fit: Fit;
  caveat?: string;
  /** The columns that may be the label, if only some of those found. */
  labels?: readonly string[];
  /** The columns for the schema. */
  schema?: readonly string[];
}

/** How a task on texts recognises its data. */
export interface TextDetection {
  /** The usual folder. Default: `texts`. */
  folder?: string;
  /** Whether the task needs a label. A task that has none does not fit if the user names one. */
  isLabelled: boolean;
  /** Whether a list of tags may be the label, although most lists occur only once. */
  takesTags?: boolean;
  /** The usual names of the columns of texts, and how many there are. One that names one column also takes other names. */
  columns: readonly (readonly string[])[];
  /** Judges texts that were found. */
  judge(found: DetectedTexts): TextFit | Misfit;
}

/** Returns the `detect` of a task on texts. */
export function detectTexts(rule: TextDetection): (survey: Survey, label?: string) => Promise<Detection | Misfit> {
  return (survey, label) => detect(survey, label, rule);
}

async function detect(survey: Survey, label: string | undefined, rule: TextDetection): Promise<Detection | Misfit> {
  const { folder: usual = 'texts', isLabelled } = rule;
  if (!isLabelled && label !== undefined) {
    return { reason: 'its texts have no label', fix: 'Leave out --label, or choose a task that has a label.' };
  }
  const files =
    isLabelled && !rule.takesTags
      ? surveyFiles(survey, usual, TEXT_EXTENSIONS, label)
      : surveyNamedFiles(survey, usual, TEXT_EXTENSIONS, isLabelled ? undefined : UNLABELLED_ROWS);
  if (!('reason' in files)) {
    const { folder, extension, count, manifest } = files;
    const labels = isLabelled && label !== undefined ? [label] : files.labels;
    const { fields } = await lookAtTexts(folder.path, extension);
    const found = { manifest, folder: folder.name, columns: [], fields, labels, named: label, tags: tagsOf(manifest) };
    const judged = rule.judge(found);
    if ('reason' in judged) return judged;
    const encoding = await detectFolderEncoding(folder.path, extension);
    return {
      ...detectionOf(found, judged, isLabelled),
      found: `a folder of ${count} ${extension} files, ${folder.name}/, and a table of ${manifest.rows} rows that names them`,
      fields: { [usual]: folder.name, ...files.fields },
      fileOptions: { ...(extension !== DEFAULT_TEXT_EXTENSION && { extension }), ...(encoding && { encoding }) },
      ...(encoding && { comments: { encoding: 'the files are not UTF-8, and make words in this encoding' } }),
    };
  }
  return hasTexts(survey) ? files : detectColumns(survey, label, rule, files);
}

const hasTexts = ({ folders }: Survey): boolean =>
  folders.some(({ extensions }) => TEXT_EXTENSIONS.some((extension) => extensions[extension]));

/** Looks for texts in the table itself. */
function detectColumns(
  { manifests: [manifest] }: Survey,
  label: string | undefined,
  rule: TextDetection,
  missing: Misfit,
): Detection | Misfit {
  const columns = manifest && findTextColumns(manifest, rule.columns, label);
  if (!columns) return missing;
  const names = columns.map(({ name }) => name);
  const labels = label === undefined ? labelsOf(manifest, ...columns, ...namesOf(manifest)) : [label];
  if (rule.isLabelled && labels.length === 0 && !(rule.takesTags && tagsOf(manifest).length > 0)) {
    const table = basename(manifest.path);
    return {
      reason: `the column ${names.join(' and ')} of ${table} holds the texts, and no other could be the label`,
      fix: `Add to ${table} a column label with the class of each text, or name the column with --label <column>.`,
      near: true,
    };
  }
  const found = { manifest, columns: names, fields: names.length, labels, named: label, tags: tagsOf(manifest) };
  const judged = rule.judge(found);
  if ('reason' in judged) return judged;
  const [one] = names;
  return {
    ...detectionOf(found, judged, rule.isLabelled),
    found: `a table of ${manifest.rows} rows that holds a text each, in ${names.length === 1 ? `the column ${one}` : `the columns ${names.join(' and ')}`}`,
    fields: { [TEXT_COLUMN]: names.length === 1 ? one! : names },
    fileOptions: {},
  };
}

function detectionOf(
  { manifest, labels }: DetectedTexts,
  { fit, caveat, labels: own = labels, schema = [] }: TextFit,
  isLabelled: boolean,
): Pick<Detection, 'fit' | 'caveat' | 'manifest' | 'labels' | 'schema'> {
  return { fit, ...(caveat !== undefined && { caveat }), manifest, labels: isLabelled ? own : [], schema };
}

/** Returns the columns that give the texts their names. */
function namesOf({ columns }: ManifestProfile): ColumnProfile[] {
  return columns.filter(({ name }) => name.trim().toLowerCase() === 'filename');
}

const tagsOf = ({ columns }: ManifestProfile): string[] =>
  columns.filter(({ tags = false }) => tags).map(({ name }) => name);
