import { basename } from 'node:path';
import type {
  ColumnProfile,
  FolderProfile,
  JsonObject,
  ManifestProfile,
  Misfit,
  Survey,
} from '@tracebloc/ingestor-contract';
import { listNames } from '@tracebloc/ingestor-core';
import { FILENAME } from '../records/filename.js';
import { isLabelName, narrowLabels } from './label-names.js';

/** A folder of files, and a table whose rows name the files. */
export interface SurveyedFiles {
  folder: FolderProfile;
  /** The extension that most files of the folder have. */
  extension: string;
  /** The number of files with that extension. */
  count: number;
  manifest: ManifestProfile;
  /** The column that names each row's file: `filename`, or the one whose values are names of files. */
  filename: ColumnProfile;
  /** The field `filename_column`, if the column has another name than `filename`. */
  fields: JsonObject;
  /** The columns that may be the label: the only one with a usual name, or all of them, the likeliest first. */
  labels: readonly string[];
}

/** How the description of a row begins, if each row is a file. */
const ROW = 'a row for each file, with its name in the column filename and ';

/** The most names that a reason lists. */
const MAX_LISTED = 5;

/**
 * Finds a folder in which most files have one of the extensions, and a table with a column that names the files. If there are
 * several such folders, only the one with the usual name, in any case, is taken. `label` is the column that the user named as
 * the label. `rows` describes the rows of a table that the user has yet to write: by default, a file each. A task may find labels
 * without a column, so that none is missing if `isLabelNeeded` is false.
 * Returns what is missing if there is no such folder, table or label.
 */
export function surveyFiles(
  survey: Survey,
  usualName: string,
  extensions: readonly string[],
  label?: string,
  rows?: string,
  isLabelNeeded = true,
): SurveyedFiles | Misfit {
  const found = surveyNamedFiles(survey, usualName, extensions, rows);
  if ('reason' in found) return found;
  const { manifest, filename } = found;
  const labels = label === undefined ? labelsOf(manifest, filename) : [label];
  return labels.length === 0 && isLabelNeeded ? withoutLabel(manifest, filename) : { ...found, labels };
}

/** Does the same for data that need not have a label: `labels` may be empty. */
export function surveyNamedFiles(
  survey: Survey,
  usualName: string,
  extensions: readonly string[],
  rows?: string,
): SurveyedFiles | Misfit {
  const found = findFolder(survey, usualName, extensions, rows);
  if ('reason' in found) return found;
  const { folder } = found;
  const { manifests } = survey;
  const manifest =
    manifests.find(({ columns }) => columns.some(isNamedFilename)) ??
    manifests.find((one) => findFilename(one, folder.name)) ??
    manifests[0];
  if (!manifest) {
    return {
      reason: `no table names the files in ${folder.name}/`,
      fix: `Write a table, labels.csv, beside ${folder.name}/: ${rows ?? `${ROW}its class in the column label`}.`,
      near: true,
    };
  }
  const column = findFilename(manifest, folder.name);
  const table = basename(manifest.path);
  if (!column) {
    return {
      reason: `no column of ${table} names the files in ${folder.name}/`,
      fix: `Add to ${table} a column filename with the name of each row's file in ${folder.name}/.`,
      near: true,
    };
  }
  const { name } = column;
  const fields: JsonObject = name === FILENAME ? {} : { filename_column: name };
  return { ...found, manifest, filename: column, fields, labels: labelsOf(manifest, column) };
}

/** Returns what is missing if no column of a table that names files may be the label. */
function withoutLabel(manifest: ManifestProfile, filename: ColumnProfile): Misfit {
  const table = basename(manifest.path);
  const flags = flagsOf(manifest, filename);
  if (flags.length < 2) {
    return {
      reason: `no column of ${table} could be the label: none has values that recur`,
      fix: `Add to ${table} a column label with the class of each row's file, or name the column with --label <column>.`,
      near: true,
    };
  }
  return { reason: describeOneHot(table, flags), fix: fixOneHot(table), near: true };
}

const flagsOf = (manifest: ManifestProfile, filename: ColumnProfile): string[] =>
  manifest.columns.filter((column) => column !== filename && isFlag(column)).map(({ name }) => name);

const describeOneHot = (table: string, flags: readonly string[]): string =>
  `${table} has no column of classes, but ${listNames(flags, MAX_LISTED)} look like classes in 0 and 1`;

const fixOneHot = (table: string): string =>
  `Add to ${table} a column label: in each row, the name of the column that has the 1.`;

/** Returns what else is to be done if the classes are columns of 0 and 1 in a table whose files are not in a folder yet. */
function adviseOneHot([manifest]: readonly ManifestProfile[]): string {
  const filename = manifest?.columns.find(isNamedFilename) ?? manifest?.columns[0];
  if (!manifest || !filename || labelsOf(manifest, filename).length > 0) return '';
  const flags = flagsOf(manifest, filename);
  const table = basename(manifest.path);
  return flags.length < 2 ? '' : ` And ${describeOneHot(table, flags)}. ${fixOneHot(table)}`;
}

function findFolder(
  { manifests, folders, extensions: beside = {} }: Survey,
  usualName: string,
  extensions: readonly string[],
  rows?: string,
): Pick<SurveyedFiles, 'folder' | 'extension' | 'count'> | Misfit {
  const isUsual = ({ name }: FolderProfile) => name.toLowerCase() === usualName;
  const candidates = folders.flatMap((folder) => {
    const [most] = Object.entries(folder.extensions).sort(([, a], [, b]) => b - a);
    return most && extensions.includes(most[0]) ? [{ folder, extension: most[0], count: most[1] }] : [];
  });
  const usual = candidates.filter(({ folder }) => isUsual(folder));
  const found =
    candidates.length === 1
      ? candidates[0]
      : (usual.find(({ folder }) => folder.name === usualName) ?? (usual.length === 1 ? usual[0] : undefined));
  if (found) return found;
  const kinds = listNames(extensions);
  if (candidates.length > 1) {
    const names = candidates.map(({ folder }) => `${folder.name}/`);
    const own = manifests.length > 0 ? undefined : rows;
    return {
      reason: `its files are in ${names.length} folders, ${listNames(names, MAX_LISTED)}, and not in one`,
      fix: `Move the files of all these folders into one folder, ${usualName}/, with a separate name for each file. If the folders are classes, write a table, labels.csv, beside it: ${own ?? `${ROW}the name of its former folder in the column label`}.`,
      near: true,
    };
  }
  const loose = extensions.find((extension) => beside[extension]);
  if (loose !== undefined) {
    return {
      reason: `the ${loose} files are beside the table, and not in a folder of their own`,
      fix: `Move the ${loose} files into a folder ${usualName}/ beside the table.${adviseOneHot(manifests)}`,
      near: true,
    };
  }
  const other = folders.find(isUsual);
  if (other) return withOtherFiles(other, extensions);
  return {
    reason: `there is no folder of ${kinds} files beside the table`,
    fix: `Put the files into a folder ${usualName}/ beside the table.`,
  };
}

/** Returns what is missing if the folder with the usual name has no files of the kinds that the task takes. */
function withOtherFiles({ name, extensions: found }: FolderProfile, extensions: readonly string[]): Misfit {
  const [most] = Object.entries(found).sort(([, a], [, b]) => b - a);
  const kinds = extensions.join(' or ');
  if (!most) {
    return {
      reason: `${name}/ itself has no files`,
      fix: `Move the files into ${name}/ itself, each with a separate name, and not into folders below it.`,
      near: true,
    };
  }
  const [extension] = most;
  return extension === ''
    ? {
        reason: `the files in ${name}/ have no extension`,
        fix: `Give the name of each file in ${name}/ its extension, ${kinds}.`,
        near: true,
      }
    : {
        reason: `most files in ${name}/ are ${extension} files`,
        fix: `Convert the files in ${name}/ to ${kinds}, and remove the others.`,
        near: true,
      };
}

/** Returns the column called `filename` if it names files or no other does, or else the one that names the most. */
function findFilename({ columns, rows }: ManifestProfile, folder: string): ColumnProfile | undefined {
  const cellsOf = (column: ColumnProfile): number => column.files?.[folder] ?? 0;
  // A label may happen to be the name of a file, but the column of names has more different ones.
  const [best] = columns
    .filter((column) => cellsOf(column) > 0 && cellsOf(column) * 2 >= rows - column.missing)
    .sort((a, b) => b.distinct - a.distinct || cellsOf(b) - cellsOf(a));
  const named = columns.find(({ name }) => name === FILENAME) ?? columns.find(isNamedFilename);
  return named && (!best || cellsOf(named) > 0) ? named : best;
}

const isNamedFilename = ({ name }: ColumnProfile): boolean => name.trim().toLowerCase() === FILENAME;

/** Returns the columns beside some others that may be the label of files or texts; see `SurveyedFiles.labels`. */
export function labelsOf(
  { columns, rows }: Pick<ManifestProfile, 'columns' | 'rows'>,
  ...others: readonly (ColumnProfile | undefined)[]
): readonly string[] {
  const names = columns
    .filter((column) => !others.includes(column) && column.distinct > 1 && !column.moreDistinct)
    .filter(({ name, distinct }) => distinct < rows || isLabelName(name))
    .sort((a, b) => Number(isLabelName(b.name)) - Number(isLabelName(a.name)) || a.distinct - b.distinct)
    .map(({ name }) => name);
  const flags = new Set(columns.filter(isFlag).map(({ name }) => name));
  // Several columns of 0 and 1 and nothing else are the classes themselves.
  if (names.length > 1 && names.every((name) => flags.has(name) && !isLabelName(name))) return [];
  return narrowLabels(names);
}

const isFlag = ({ values = [] }: ColumnProfile): boolean =>
  values.length === 2 && values.includes('0') && values.includes('1');
