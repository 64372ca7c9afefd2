import type { DatasetRecord, Report, TaskContext, TaskType } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  ClassCheck,
  FILE_FINDINGS,
  type FileRow,
  LABEL_FINDINGS,
  SidecarFolder,
  TYPE_FINDINGS,
  eachRow,
  openRecords,
  readFileRecords,
  reportRepeated,
} from '@tracebloc/ingestor-dataset';
import { detect } from './detect.js';
import { textFindings } from './findings.js';
import { EXTENSIONS, type TextOptions, fields, fileOptions, resolve } from './options.js';
import { checkText } from './text.js';
import { findTokenizer, TOKENIZER } from './tokenizer.js';

const FILENAME = 'filename';

export const textClassification: TaskType<TextOptions> = {
  id: 'text_classification',
  title: 'Text classification',
  summary: 'Predicts the class of a text.',
  dataFormat: 'text',
  label: { use: 'required', statePolicy: false },
  schema: 'optional',
  missing: 'empty',
  allowFeatureModification: false,
  fields,
  fileOptions,
  layout: {
    manifest: ['csv', 'json'],
    sidecars: [
      {
        field: 'texts',
        extensions: EXTENSIONS,
        required: true,
        description: 'The texts, in UTF-8; a `tokenizer.json` may lie beside it.',
      },
    ],
    companions: [TOKENIZER],
    description: 'One row a text: its `filename`, with or without extension, and its label.',
  },
  findings: [
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS,
    ...FILE_FINDINGS.filter(({ code }) => code !== 'unpaired-file'),
    ...textFindings.list,
  ],
  resolve,
  records,
  shards: { rows: 'all' },
  detect,
  metadata: ({ extension }) => ({ file_options: { extension } }),
};

async function* records(context: TaskContext<TextOptions>): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, options, folders, report, signal } = context;
  const rows = await openRecords(context, new ClassCheck(), [FILENAME]);
  if (!rows) return;
  const texts = await SidecarFolder.open(folders.texts!, options.extension);
  let tokenizer = await findTokenizer(texts.path, report);
  const column = rows.at.get(FILENAME);

  const complete = async ({ record, cells }: FileRow, notes: Report): Promise<DatasetRecord> => {
    if (column === undefined) return record;
    const arriving = tokenizer ? [tokenizer] : [];
    tokenizer = undefined;
    if (!dataset.isOwn(record.row)) {
      texts.mark(cells[column]!);
      return record;
    }
    const place = { report: notes, file: dataset.file, row: record.row, column: FILENAME };
    const file = await texts.find(cells[column]!, place);
    if (!file) return record;
    reportRepeated(file, place);
    if (!file.repeated) await checkText(file, notes, signal);
    const { stem, extension, path } = file;
    return { ...record, filename: stem, extension, files: [{ source: path, target: stem + extension }, ...arriving] };
  };
  yield* readFileRecords(eachRow(rows), complete, context);
  if (column !== undefined && dataset.complete) texts.reportUnnamed(report);
}
