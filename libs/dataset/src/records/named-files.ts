import type { DatasetRecord, RecordFile, Report, TaskContext } from '@tracebloc/ingestor-contract';
import { FILENAME } from './filename.js';
import { type FileRow, readFileRecords } from './file-records.js';
import { type LabelCheck, eachRow, openRecords } from './rows.js';
import { type SidecarFile, SidecarFolder, reportRepeated } from '../files/sidecar-folder.js';

export interface NamedFilesRule {
  /** The sidecar folder's field in the layout. */
  field: string;
  /** The extension of all its files. */
  extension: string;
  labelCheck: LabelCheck;
  /** Checks the content of a file. Is called once for each file, even if several rows name it, unless `checksRows`. */
  check: (file: SidecarFile, report: Report, record: DatasetRecord) => Promise<void>;
  checksRows?: boolean;
  /** Returns the bytes to store instead of the file, which may be called again for a row that names the same file. */
  convert?: (file: SidecarFile) => Promise<Uint8Array | undefined>;
  /** Looks for one more file, given the absolute path of the folder. It is stored with the first record. */
  findCompanion?: (folder: string) => Promise<RecordFile | undefined>;
}

/** Reads the records of a dataset in which each row names one file, which is stored unchanged unless it is converted. */
export async function* readNamedFiles(
  context: TaskContext<unknown>,
  { field, extension, labelCheck, check, checksRows = false, convert, findCompanion }: NamedFilesRule,
): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, folders, report, filename = FILENAME } = context;
  const rows = await openRecords(context, labelCheck, [filename]);
  if (!rows) return;
  const folder = await SidecarFolder.open(folders[field]!, extension);
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
    if (!file.repeated || checksRows) await check(file, rowReport, record);
    const target = file.stem + file.extension;
    // What is made has no source on disk.
    const content = (await file.make?.()) ?? (context.wantsFiles ? await convert?.(file) : undefined);
    const files = [{ source: file.path, within: file.within, target, ...(content && { content }) }, ...extra];
    return { ...record, filename: file.stem, extension: file.extension, files };
  };
  yield* readFileRecords(eachRow(rows), complete, context);
  if (column !== undefined && dataset.complete) {
    await folder.reportUnnamed(report, context.namedElsewhere);
  }
}
