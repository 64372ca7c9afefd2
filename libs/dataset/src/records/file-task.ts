import type {
  DataForm,
  FindingCode,
  JsonSchema,
  RecordFile,
  Report,
  SidecarFolder,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import { CLASS_FINDINGS, COLUMN_FINDINGS, FILE_FINDINGS, LABEL_FINDINGS, TYPE_FINDINGS } from '../findings/findings.js';
import { ClassCheck } from './labels.js';
import { readNamedFiles } from './named-files.js';
import type { SidecarFile } from '../files/sidecar-folder.js';

/** The one extension of a dataset's files, in lower case and with the dot: the option `spec.file_options.extension`. */
export interface FileOptions {
  extension: string;
}

/** The parts of a task whose rows name one file and its class that differ from other such tasks. */
export interface FileTaskRule<Options extends FileOptions> extends Pick<
  TaskType<Options>,
  'id' | 'title' | 'summary' | 'dataFormat' | 'fileOptions' | 'resolve' | 'detect' | 'metadata'
> {
  folder: Pick<SidecarFolder, 'field' | 'extensions' | 'description'>;
  /** The form of the data layouts that the task can read. */
  form?: DataForm;
  /** A sentence about what a row of the manifest holds. */
  row: string;
  /** The task has no fields at the top level of `ingest.yaml` if this is absent. */
  fields?: JsonSchema;
  /** The codes that `check` and `findCompanion` report. */
  findings?: readonly FindingCode[];
  /** Checks the content of one file. It is called once for each file, even if several rows name it. */
  check?: (file: SidecarFile, report: Report, context: TaskContext<Options>) => Promise<void>;
  /** Returns the bytes to store instead of a file, or `undefined` to store it unchanged. It must not report anything. */
  convert?: (file: SidecarFile, context: TaskContext<Options>) => Promise<Uint8Array | undefined>;
  /** Names of files that may be beside the folder. `findCompanion` finds one of them. */
  companions?: readonly string[];
  /** Looks beside the folder for a file that is stored with the first record. `folder` is the absolute path. */
  findCompanion?: (folder: string, context: TaskContext<Options>) => Promise<RecordFile | undefined>;
}

/** Returns a classification task whose rows each name one file. The files are stored unchanged unless the rule converts them. */
export function fileTask<Options extends FileOptions>(rule: FileTaskRule<Options>): TaskType<Options> {
  const { folder, form, row, findings = [], check, convert, companions, findCompanion, ...task } = rule;
  return {
    label: { use: 'required', statePolicy: false },
    schema: 'optional',
    missing: 'empty',
    allowFeatureModification: false,
    fields: { type: 'object', properties: {}, required: [] },
    ...task,
    layout: {
      manifest: ['csv', 'json'],
      ...(form && { form }),
      sidecars: [{ ...folder, required: true }],
      ...(companions && { companions }),
      description: row,
    },
    findings: [
      ...COLUMN_FINDINGS,
      ...TYPE_FINDINGS,
      ...LABEL_FINDINGS,
      ...CLASS_FINDINGS,
      ...FILE_FINDINGS.filter(({ code }) => code !== 'unpaired-file'),
      ...findings,
    ],
    records: (context) =>
      readNamedFiles(context, {
        field: folder.field,
        extension: context.options.extension,
        labelCheck: new ClassCheck(),
        check: async (file, report) => check?.(file, report, context),
        convert: convert && ((file) => convert(file, context)),
        findCompanion: findCompanion && ((path) => findCompanion(path, context)),
      }),
    shards: { rows: 'all' },
  };
}
