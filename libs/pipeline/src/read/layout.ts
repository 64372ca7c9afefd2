import type { Finding, Report, Severity, SourceFolder } from '@tracebloc/ingestor-contract';
import { roleOf, type RunConfig } from '@tracebloc/ingestor-config';
import type { ManifestReader } from '@tracebloc/ingestor-dataset';

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
  return new LayoutReport(report, reader);
}

class LayoutReport implements Report {
  constructor(
    private readonly report: Report,
    private readonly reader: () => ManifestReader,
  ) {}

  get errors(): number {
    return this.report.errors;
  }

  get warnings(): number {
    return this.report.warnings;
  }

  add(finding: Finding): void {
    const { file, layout } = this.reader();
    const place = layout?.locate(finding.file === file ? undefined : finding.file, finding.row);
    this.report.add(place ? { ...finding, row: undefined, ...place } : finding);
  }

  count(code: string, severity: Severity): void {
    this.report.count(code, severity);
  }

  isFull(code: string): boolean {
    return this.report.isFull(code);
  }

  note(sentence: string): void {
    this.report.note?.(sentence);
  }
}
