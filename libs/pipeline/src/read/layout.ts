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
    const { message, expected } = finding;
    const texts = { message: this.#named(message), ...(expected !== undefined && { expected: this.#named(expected) }) };
    this.report.add(place ? { ...finding, ...texts, row: undefined, ...place } : finding);
  }

  count(code: string, severity: Severity): void {
    this.report.count(code, severity);
  }

  isFull(code: string): boolean {
    return this.report.isFull(code);
  }

  note(sentence: string): void {
    this.report.note?.(this.#named(sentence));
  }

  /** Names the place on disk of each row in a text. */
  #named(text: string): string {
    return text.replace(/\brow (\d+)/g, (own, digits: string) => {
      const place = this.reader().layout?.locate(undefined, Number(digits));
      if (place?.row === undefined) return own;
      return place.column === undefined
        ? `line ${place.row} of ${place.file}`
        : `element ${place.row} of ${place.column}`;
    });
  }
}
