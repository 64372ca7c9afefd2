import type { DatasetRecord, RecordFile, Report, TaskContext } from '@tracebloc/ingestor-contract';
import { FILENAME } from './filename.js';
import { type FileRow, readFileRecords } from './file-records.js';
import { readQuickly } from './quick-records.js';
import { type LabelCheck, eachRow, openRecords } from './rows.js';
import { type ConvertibleFiles, type SidecarFile, SidecarFolder, reportRepeated } from '../files/sidecar-folder.js';
import { createReport } from '../findings/report.js';

export interface NamedFilesRule {
  /** The sidecar folder's field in the layout. */
  field: string;
  /** The extension of all its files. */
  extension: string;
  labelCheck: LabelCheck;
  /** The files of other extensions that rows may name. */
  convertible?: ConvertibleFiles;
  /** Checks the content of a file. Is called once for each file, even if several rows name it, unless `checksRows`. */
  check: (file: SidecarFile, report: Report, record: DatasetRecord) => Promise<void>;
  checksRows?: boolean;
  /**
   * Checks the content of a file like `check`, which it replaces together with `convert`, and returns the bytes to store instead
   * of the file. `isRepeated` is true for a row that names the file again; what is reported then is dropped.
   */
  prepare?: (file: SidecarFile, report: Report, isRepeated: boolean) => Promise<Uint8Array | undefined>;
  /** Called after the last row, with the name of the folder. */
  finish?: (folder: string) => void;
  /**
   * Returns true for the bytes of a file if `check` would surely report nothing, and `convert` would leave it unchanged. It must not
   * keep the bytes.
   */
  quickCheck?: (bytes: Buffer) => boolean;
  /** Returns the bytes to store instead of the file, which may be called again for a row that names the same file. */
  convert?: (file: SidecarFile) => Promise<Uint8Array | undefined>;
  /** Looks for one more file, given the absolute path of the folder. It is stored with the first record. */
  findCompanion?: (folder: string) => Promise<RecordFile | undefined>;
}

/** Reads the records of a dataset in which each row names one file, which is stored unchanged unless it is converted. */
export async function* readNamedFiles(
  context: TaskContext<unknown>,
  rule: NamedFilesRule,
): AsyncGenerator<DatasetRecord[], void> {
  const { field, extension, labelCheck, check, checksRows = false, quickCheck, convert, prepare, findCompanion } = rule;
  const { dataset, folders, report, filename = FILENAME } = context;
  const rows = await openRecords(context, labelCheck, [filename]);
  if (!rows) return;
  const folder = await SidecarFolder.open(folders[field]!, extension, rule.convertible);
  let companion = folder.path === undefined ? undefined : await findCompanion?.(folder.path);
  const column = rows.at.get(filename);

  const complete = async ({ record, cells }: FileRow, rowReport: Report): Promise<DatasetRecord> => {
    if (column === undefined) return record;
    const extra = companion ? [companion] : [];
    companion = undefined;
    if (!dataset.isOwn(record.row)) {
      folder.mark(cells[column]!);
      return record;
    }
    const reference = { report: rowReport, file: dataset.file, row: record.row, column: filename };
    const file = await folder.find(cells[column]!, reference);
    if (!file) return record;
    reportRepeated(file, reference);
    const target = file.stem + file.extension;
    // What is made has no source on disk.
    const content = (await contentOf(file, rowReport, record)) ?? (await file.make?.());
    const files = [{ source: file.path, within: file.within, target, ...(content && { content }) }, ...extra];
    return { ...record, filename: file.stem, extension: file.extension, files };
  };
  const contentOf = async (
    file: SidecarFile,
    rowReport: Report,
    record: DatasetRecord,
  ): Promise<Uint8Array | undefined> => {
    if (prepare) {
      // A row that names the file again may be the first one that this run stores.
      if (file.repeated && !context.wantsFiles) return undefined;
      return prepare(file, file.repeated ? createReport() : rowReport, file.repeated);
    }
    if (!file.repeated || checksRows) await check(file, rowReport, record);
    return context.wantsFiles ? convert?.(file) : undefined;
  };

  /** Completes a row immediately, or returns `undefined` if that takes more than the quick check. */
  const completeNow = ({ record, cells }: FileRow): DatasetRecord | undefined => {
    if (column === undefined || companion || !dataset.isOwn(record.row)) return undefined;
    let bytes: Buffer | undefined;
    const file = folder.findFine(cells[column]!, (read) => {
      if (!quickCheck!(read)) return false;
      if (context.wantsFiles) bytes = Buffer.from(read);
      return true;
    });
    if (!file) return undefined;
    const { path: source, within, stem, extension } = file;
    return { ...record, filename: stem, extension, files: [{ source, within, target: stem + extension, bytes }] };
  };
  yield* quickCheck
    ? readQuickly(rows.batches, completeNow, (rest) => readFileRecords(rest, complete, context), context.signal)
    : readFileRecords(eachRow(rows), complete, context);
  if (column !== undefined && dataset.complete) {
    await folder.reportUnnamed(report, context.namedElsewhere);
  }
  rule.finish?.(folder.name);
}
