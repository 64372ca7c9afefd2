import type { ColumnProfile, FolderProfile, ManifestProfile, Survey } from '@tracebloc/ingestor-contract';
import { isLabelName, narrowLabels } from './label-names.js';

/** A folder of files, and a table whose rows name them. */
export interface SurveyedFiles {
  folder: FolderProfile;
  /** The one that most of the folder's files have, and how many. */
  extension: string;
  count: number;
  manifest: ManifestProfile;
  /** Columns that tell classes, as far as can be seen: the one whose name says so, or all, the likeliest first. */
  labels: readonly string[];
}

/**
 * Looks for a folder that mostly holds files of some extensions, and for a table with a `filename` column. Of several
 * such folders only the one of the usual name is taken.
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
