import type { DatasetRecord, RecordFile, Report, TaskContext } from '@tracebloc/ingestor-contract';
import { type FileRow, readFileRecords } from './file-records.js';
import { type LabelCheck, eachRow, openRecords } from './rows.js';
import { type SidecarFile, SidecarFolder, reportRepeated } from '../files/sidecar-folder.js';

/** The column that names a row's file. */
export const FILENAME = 'filename';

export interface NamedFilesRule {
  /** The sidecar folder, by its field of the layout, and the one extension of its files. */
  field: string;
  extension: string;
  labelCheck: LabelCheck;
  /** Checks a file's content, once however many rows name it. */
  check: (file: SidecarFile, report: Report) => Promise<void>;
  /** Looks for a file beside the folder, of which the absolute path is given; it arrives with the first record. */
  findCompanion?: (folder: string) => Promise<RecordFile | undefined>;
}

/** The records of a dataset of which each row names one file, which arrives as it is. */
export async function* readNamedFiles(
  context: TaskContext<unknown>,
  { field, extension, labelCheck, check, findCompanion }: NamedFilesRule,
): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, folders, report } = context;
  const rows = await openRecords(context, labelCheck, [FILENAME]);
  if (!rows) return;
  const folder = await SidecarFolder.open(folders[field]!, extension);
  let companion = await findCompanion?.(folder.path);
  const column = rows.at.get(FILENAME);

  const complete = async ({ record, cells }: FileRow, notes: Report): Promise<DatasetRecord> => {
    if (column === undefined) return record;
    const arriving = companion ? [companion] : [];
    companion = undefined;
    if (!dataset.isOwn(record.row)) {
      folder.mark(cells[column]!);
      return record;
    }
    const place = { report: notes, file: dataset.file, row: record.row, column: FILENAME };
    const file = await folder.find(cells[column]!, place);
    if (!file) return record;
    reportRepeated(file, place);
    if (!file.repeated) await check(file, notes);
    const target = file.stem + file.extension;
    const files = [{ source: file.path, within: file.within, target }, ...arriving];
    return { ...record, filename: file.stem, extension: file.extension, files };
  };
  yield* readFileRecords(eachRow(rows), complete, context);
  if (column !== undefined && dataset.complete) folder.reportUnnamed(report);
}
