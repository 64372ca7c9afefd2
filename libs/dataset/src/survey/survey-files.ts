import type { ColumnProfile, FolderProfile, ManifestProfile, Survey } from '@tracebloc/ingestor-contract';
import { isLabelName, narrowLabels } from './label-names.js';

/** A folder of files, and a table whose rows name the files. */
export interface SurveyedFiles {
  folder: FolderProfile;
  /** The extension that most files of the folder have. */
  extension: string;
  /** The number of files with that extension. */
  count: number;
  manifest: ManifestProfile;
  /** The columns that may be the label: the only one with a usual name, or all of them, the likeliest first. */
  labels: readonly string[];
}

/**
 * Finds a folder in which most files have one of the extensions, and a table with a `filename` column. If there are several
 * such folders, only the one with the usual name is taken.
 */
export function surveyFiles(
  { manifests, folders }: Survey,
  usualName: string,
  extensions: readonly string[],
): SurveyedFiles | undefined {
  const candidates = folders.flatMap((folder) => {
    const [most] = Object.entries(folder.extensions).sort(([, a], [, b]) => b - a);
    return most && extensions.includes(most[0]) ? [{ folder, extension: most[0], count: most[1] }] : [];
  });
  const found = candidates.length === 1 ? candidates[0] : candidates.find(({ folder }) => folder.name === usualName);
  const manifest = manifests.find(({ columns }) => columns.some(isFilename));
  return found && manifest && { ...found, manifest, labels: labelsOf(manifest) };
}

function labelsOf({ columns, rows }: ManifestProfile): readonly string[] {
  const names = columns
    .filter((column) => !isFilename(column) && column.distinct > 1 && !column.moreDistinct && column.distinct < rows)
    .sort((a, b) => Number(isLabelName(b.name)) - Number(isLabelName(a.name)) || a.distinct - b.distinct)
    .map(({ name }) => name);
  return narrowLabels(names);
}

const isFilename = ({ name }: ColumnProfile): boolean => name.trim().toLowerCase() === 'filename';
