import type {
  FindingCode,
  JsonSchema,
  RecordFile,
  Report,
  SidecarFolder,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import { COLUMN_FINDINGS, FILE_FINDINGS, LABEL_FINDINGS, TYPE_FINDINGS } from '../findings/findings.js';
import { ClassCheck } from './labels.js';
import { readNamedFiles } from './named-files.js';
import type { SidecarFile } from '../files/sidecar-folder.js';

/** The one extension of a dataset's files, in lower case and with the dot: the option `spec.file_options.extension`. */
export interface FileOptions {
  extension: string;
}

/** What sets one task apart from the others whose rows name one file and its class. */
export interface FileTaskRule<Options extends FileOptions> extends Pick<
  TaskType<Options>,
  'id' | 'title' | 'summary' | 'dataFormat' | 'fileOptions' | 'resolve' | 'detect' | 'metadata'
> {
  folder: Pick<SidecarFolder, 'field' | 'extensions' | 'description'>;
  /** A sentence about what a row of the manifest holds. */
  row: string;
  /** Absent: the task has no fields at the top level of `ingest.yaml`. */
  fields?: JsonSchema;
  /** The codes that `check` and `findCompanion` report. */
  findings?: readonly FindingCode[];
  /** Checks the content of one file, once however many rows name it. */
  check?: (file: SidecarFile, report: Report, context: TaskContext<Options>) => Promise<void>;
  /** Names of files that may lie beside the folder, of which `findCompanion` finds one. */
  companions?: readonly string[];
  /** Looks beside the folder, of which it is given the absolute path, for a file that arrives with the first record. */
  findCompanion?: (folder: string, context: TaskContext<Options>) => Promise<RecordFile | undefined>;
}

/** Returns a classification task whose rows each name one file; the files arrive as they are. */
export function fileTask<Options extends FileOptions>(rule: FileTaskRule<Options>): TaskType<Options> {
  const { folder, row, findings = [], check, companions, findCompanion, ...task } = rule;
  return {
    label: { use: 'required', statePolicy: false },
    schema: 'optional',
    missing: 'empty',
    allowFeatureModification: false,
    fields: { type: 'object', properties: {}, required: [] },
    ...task,
    layout: {
      manifest: ['csv', 'json'],
      sidecars: [{ ...folder, required: true }],
      ...(companions && { companions }),
      description: row,
    },
    findings: [
      ...COLUMN_FINDINGS,
      ...TYPE_FINDINGS,
      ...LABEL_FINDINGS,
      ...FILE_FINDINGS.filter(({ code }) => code !== 'unpaired-file'),
      ...findings,
    ],
    records: (context) =>
      readNamedFiles(context, {
        field: folder.field,
        extension: context.options.extension,
        labelCheck: new ClassCheck(),
        check: async (file, report) => check?.(file, report, context),
        findCompanion: findCompanion && ((path) => findCompanion(path, context)),
      }),
    shards: { rows: 'all' },
  };
}
