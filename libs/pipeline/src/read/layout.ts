import type { Report, SourceFolder } from '@tracebloc/ingestor-contract';
import { roleOf, type RunConfig } from '@tracebloc/ingestor-config';
import { type ManifestReader, WordedReport, wordTexts } from '@tracebloc/ingestor-dataset';

/** Returns the folders that a task reads, by their fields: those on disk, or those that a data layout gives. */
export function foldersOf(
  { source: { layout, sidecars }, task }: RunConfig,
  reader: ManifestReader,
): Readonly<Record<string, string | SourceFolder>> {
  if (!layout) return sidecars;
  const folders = task.layout.sidecars.map(({ field }): [string, SourceFolder] => {
    const role = roleOf(task, field);
    return [
      field,
      {
        name: role,
        // They are known once the rows are open.
        get files() {
          return reader.layout?.folderOf(role)?.files ?? [];
        },
        get numbered() {
          return reader.layout?.folderOf(role)?.numbered;
        },
      },
    ];
  });
  return Object.fromEntries(folders);
}

/** Returns a report that names the places on disk instead of those in the rows and files that a data layout makes. */
export function reportByLayout(report: Report, reader: () => ManifestReader): Report {
  /** Names the place on disk of each row in a text. */
  const note = (text: string): string =>
    text.replace(/\brow (\d+)/g, (own, digits: string) => {
      const place = reader().layout?.locate(undefined, Number(digits));
      if (place?.row === undefined) return own;
      return place.column === undefined
        ? `line ${place.row} of ${place.file}`
        : `element ${place.row} of ${place.column}`;
    });
  return new WordedReport(report, {
    note,
    finding(finding) {
      const { file, layout } = reader();
      const place = layout?.locate(finding.file === file ? undefined : finding.file, finding.row);
      return place ? { ...finding, ...wordTexts(finding, note), row: undefined, ...place } : finding;
    },
  });
}
