import type {
  DatasetRecord,
  FindingCode,
  Report,
  StatisticDefinition,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import type { SidecarFile } from '../files/sidecar-folder.js';
import { createReport } from '../findings/report.js';
import { type FileTaskRule, fileTask } from '../records/file-task.js';
import { ClassCheck } from '../records/labels.js';
import { type FieldRule, FieldShape } from './fields.js';
import { columnFindings, fieldFindings, textFindings } from './findings.js';
import { resolveText, TEXT_COLUMN, TEXT_EXTENSIONS, textFields, textFileOptions, type TextOptions } from './options.js';
import { readTextColumn } from './text-column.js';
import { checkText, convertText, isPlainText, type TextShape } from './text.js';

/** A text, and the row that names it. */
export interface TextPlace {
  file: SidecarFile;
  record: DatasetRecord;
  report: Report;
  context: TaskContext<TextOptions>;
}

/** The parts of a task on texts that differ from other such tasks. */
export interface TextTaskRule extends Pick<
  FileTaskRule<TextOptions>,
  | 'id'
  | 'title'
  | 'summary'
  | 'row'
  | 'label'
  | 'labelCheck'
  | 'form'
  | 'detect'
  | 'companions'
  | 'findCompanion'
  | 'labelCounts'
> {
  /** The folder of the texts. Default: `texts`. */
  folder?: 'texts' | 'sequences';
  /** What a text is, as sentences. */
  text: string;
  /** The fields of a text, if a tab separates them. */
  fields?: FieldRule;
  /** Returns what looks at the text of a row, for a task that compares both. */
  compare?: (place: TextPlace) => TextShape;
  /** The codes that `compare`, `labelCheck` and `findCompanion` report. */
  findings?: readonly FindingCode[];
}

/** What is measured of the texts. */
const LENGTHS: StatisticDefinition = { name: 'lengths', title: 'Bytes of a text', kind: 'values' };

/**
 * Returns a task whose rows each have a text: a file that the row names, or the cells of a column. Texts are UTF-8, or are
 * converted to it.
 */
export function textTask(rule: TextTaskRule): TaskType<TextOptions> {
  const { folder = 'texts', text, fields, compare, findings = [], ...task } = rule;
  const check = async (file: SidecarFile, report: Report, context: TaskContext<TextOptions>, record: DatasetRecord) => {
    const { statistics } = context;
    statistics?.measure(LENGTHS.name, file.make ? (await file.make()).length : file.size);
    const shape = fields ? new FieldShape(fields, file.shown, report) : compare?.({ file, record, report, context });
    // What is wrong with a file itself is reported once.
    const own = file.repeated ? createReport(0) : report;
    await checkText(file, { options: context.options, report: own, signal: context.signal, shape });
  };
  const inFiles = fileTask<TextOptions>({
    ...task,
    dataFormat: 'text',
    fields: textFields,
    fileOptions: textFileOptions,
    resolve: resolveText,
    folder: {
      field: folder,
      ...(folder !== 'texts' && { role: 'texts' }),
      replacedBy: TEXT_COLUMN,
      extensions: TEXT_EXTENSIONS,
      description: text,
    },
    findings: [...textFindings.list, ...columnFindings.list, ...(fields ? fieldFindings.list : []), ...findings],
    check,
    checksRows: compare !== undefined,
    quickCheck: ({ options, statistics }) => {
      if (options.encoding || fields || compare) return undefined;
      return (bytes) => {
        const isFine = isPlainText(bytes);
        if (isFine) statistics?.measure(LENGTHS.name, bytes.length);
        return isFine;
      };
    },
    convert: (file, { options, signal }) => convertText(file, options, signal),
    metadata: ({ extension }) => ({ file_options: { extension } }),
  });
  return {
    ...inFiles,
    statistics: [LENGTHS],
    columns: ({ textColumns = [] }) => textColumns,
    records(context) {
      const { textColumns: columns, extension } = context.options;
      if (!columns) return inFiles.records(context);
      const labelCheck = rule.labelCheck?.(context) ?? new ClassCheck();
      const checkRow = (file: SidecarFile, report: Report, record: DatasetRecord) =>
        check(file, report, context, record);
      const isLine = rule.form === 'text_pairs';
      return readTextColumn(context, { columns, extension, isLine, labelCheck, check: checkRow });
    },
  };
}
