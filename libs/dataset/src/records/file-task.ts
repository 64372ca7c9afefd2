import type {
  DataForm,
  DatasetRecord,
  FindingCode,
  JsonSchema,
  LabelRule,
  RecordFile,
  Report,
  SidecarFolder,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import { CLASS_FINDINGS, COLUMN_FINDINGS, FILE_FINDINGS, LABEL_FINDINGS, TYPE_FINDINGS } from '../findings/findings.js';
import { ClassCheck } from './labels.js';
import { readNamedFiles } from './named-files.js';
import type { LabelCheck } from './rows.js';
import type { SidecarFile } from '../files/sidecar-folder.js';

/** The one extension of a dataset's files, in lower case and with the dot: the option `spec.file_options.extension`. */
export interface FileOptions {
  extension: string;
}

/** The parts of a task whose rows name one file each that differ from other such tasks. */
export interface FileTaskRule<Options extends FileOptions> extends Pick<
  TaskType<Options>,
  'id' | 'title' | 'summary' | 'dataFormat' | 'fileOptions' | 'resolve' | 'detect' | 'metadata' | 'labelCounts'
> {
  folder: Pick<SidecarFolder, 'field' | 'role' | 'replacedBy' | 'extensions' | 'description'>;
  /** Default: labels are required, and are classes. */
  label?: LabelRule;
  /** Returns the check of the labels. Default: of at least two classes. */
  labelCheck?: (context: TaskContext<Options>) => LabelCheck;
  /** The form of the data layouts that the task reads. */
  form?: DataForm;
  /** A sentence about what a row of the manifest holds. */
  row: string;
  /** The task has no fields at the top level of `ingest.yaml` if this is absent. */
  fields?: JsonSchema;
  /** The codes that `check`, `labelCheck` and `findCompanion` report. */
  findings?: readonly FindingCode[];
  /** Checks the content of one file. It is called once for each file, even if several rows name it, unless `checksRows`. */
  check?: (file: SidecarFile, report: Report, context: TaskContext<Options>, record: DatasetRecord) => Promise<void>;
  /** Whether `check` compares the file with the row, so that it is called for each row. */
  checksRows?: boolean;
  /** Returns the bytes to store instead of a file, or `undefined` to store it unchanged. It must not report anything. */
  convert?: (file: SidecarFile, context: TaskContext<Options>) => Promise<Uint8Array | undefined>;
  /** Names of files that may be beside the folder. `findCompanion` finds one of them. */
  companions?: readonly string[];
  /** Looks beside the folder for a file that is stored with the first record. `folder` is the absolute path. */
  findCompanion?: (folder: string, context: TaskContext<Options>) => Promise<RecordFile | undefined>;
}

/** Returns a task whose rows each name one file. The files are stored unchanged unless the rule converts them. */
export function fileTask<Options extends FileOptions>(rule: FileTaskRule<Options>): TaskType<Options> {
  const { folder, row, form, findings = [], checksRows, companions, findCompanion, ...rest } = rule;
  const { label = { use: 'required', statePolicy: false }, labelCheck, check, convert, ...task } = rest;
  const isLabelled = label.use !== 'forbidden';
  return {
    label,
    schema: 'optional',
    missing: 'empty',
    allowFeatureModification: false,
    fields: { type: 'object', properties: {}, required: [] },
    ...task,
    layout: {
      manifest: ['csv', 'json'],
      sidecars: [{ ...folder, required: true }],
      ...(form && { form }),
      ...(companions && { companions }),
      description: row,
    },
    findings: [
      ...COLUMN_FINDINGS,
      ...TYPE_FINDINGS,
      ...(isLabelled ? [...LABEL_FINDINGS, ...CLASS_FINDINGS] : []),
      ...FILE_FINDINGS.filter(({ code }) => code !== 'unpaired-file'),
      ...findings,
    ],
    records: (context) =>
      readNamedFiles(context, {
        field: folder.field,
        extension: context.options.extension,
        labelCheck: labelCheck?.(context) ?? new ClassCheck(),
        check: async (file, report, record) => check?.(file, report, context, record),
        checksRows,
        convert: convert && ((file) => convert(file, context)),
        findCompanion: findCompanion && ((path) => findCompanion(path, context)),
      }),
    shards: { rows: 'all' },
  };
}
