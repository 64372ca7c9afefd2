import type {
  ConclusionContext,
  DataForm,
  DatasetRecord,
  FindingCode,
  JsonSchema,
  JsonValue,
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
import type { ConvertibleFiles, SidecarFile } from '../files/sidecar-folder.js';

/** The one extension of a dataset's files, in lower case and with the dot: the option `spec.file_options.extension`. */
export interface FileOptions {
  extension: string;
}

/** What a task counts over all files. Shards hand on what they have counted. */
export interface FileTally {
  partial(): JsonValue;
  /** Adds what `partial` returned in a shard. */
  merge(partial: JsonValue): void;
  /** Reports what the files show as a whole. `folder` is their folder's name in findings. */
  finish(report: Report, folder: string): void;
}

/** The parts of a task whose rows name one file each that differ from other such tasks. */
export interface FileTaskRule<Options extends FileOptions, Tally extends FileTally = FileTally> extends Pick<
  TaskType<Options>,
  | 'id'
  | 'title'
  | 'summary'
  | 'dataFormat'
  | 'fileOptions'
  | 'resolve'
  | 'detect'
  | 'configure'
  | 'metadata'
  | 'labelCounts'
> {
  folder: Pick<SidecarFolder, 'field' | 'role' | 'replacedBy' | 'extensions' | 'description' | 'rewritten'>;
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
  /**
   * Returns a quick check, which returns true for the bytes of a file if `check` would surely report nothing, and `convert` would leave it
   * unchanged. It must not keep the bytes. The file is then read only once, to be checked and stored.
   */
  quickCheck?: (context: TaskContext<Options>) => ((bytes: Buffer) => boolean) | undefined;
  /** Returns the bytes to store instead of a file, or `undefined` to store it unchanged. It must not report anything. */
  convert?: (file: SidecarFile, context: TaskContext<Options>) => Promise<Uint8Array | undefined>;
  /**
   * Checks the content of a file and returns the bytes to store instead of it, in place of `check` and `convert`. It is called again
   * for a row that names the same file, with a report that nobody reads and a tally that is dropped.
   */
  prepare?: (
    file: SidecarFile,
    report: Report,
    context: TaskContext<Options>,
    tally: Tally,
  ) => Promise<Uint8Array | undefined>;
  /** Returns an empty tally for `prepare`, of which one counts all files. */
  tally?: (options: Options) => Tally;
  /** The files of other extensions that rows may name. */
  convertible?: (options: Options) => ConvertibleFiles;
  /** Names of files that may be beside the folder. `findCompanion` finds one of them. */
  companions?: readonly string[];
  /** Looks beside the folder for a file that is stored with the first record. `folder` is the absolute path. */
  findCompanion?: (folder: string, context: TaskContext<Options>) => Promise<RecordFile | undefined>;
}

/** The rule of labels that are classes. */
const REQUIRED: LabelRule = { use: 'required', statePolicy: false };

/** Returns a task whose rows each name one file. The files are stored unchanged unless the rule converts them. */
export function fileTask<Options extends FileOptions, Tally extends FileTally = FileTally>(
  rule: FileTaskRule<Options, Tally>,
): TaskType<Options> {
  const { folder, row, form, findings = [], checksRows, companions, findCompanion, ...rest } = rule;
  const { check, quickCheck, convert, prepare, tally, convertible, ...others } = rest;
  const { label = REQUIRED, labelCheck, ...task } = others;
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
    records: (context) => {
      const [counted, dropped] = [tally?.(context.options), tally?.(context.options)];
      const handsOn = context.handOn !== undefined;
      // The labels are those of all rows in each shard, so that only the tally is handed on.
      const own = handsOn && tally ? withoutHandOn(context) : context;
      return readNamedFiles(own, {
        field: folder.field,
        extension: context.options.extension,
        labelCheck: labelCheck?.(own) ?? new ClassCheck(),
        convertible: convertible?.(context.options),
        check: async (file, report, record) => check?.(file, report, context, record),
        checksRows,
        quickCheck: quickCheck?.(context),
        convert: convert && ((file) => convert(file, context)),
        prepare:
          prepare &&
          ((file, report, isRepeated) => prepare(file, report, context, (isRepeated ? dropped : counted) as Tally)),
        findCompanion: findCompanion && ((path) => findCompanion(path, context)),
        finish: (name) => {
          if (!counted) return;
          if (handsOn) context.handOn?.(counted.partial());
          else counted.finish(context.report, name);
        },
      });
    },
    shards: {
      rows: 'all',
      ...(tally && {
        conclude: (parts: readonly JsonValue[], { report, options }: ConclusionContext<Options>) => {
          const all = tally(options);
          for (const part of parts) all.merge(part);
          all.finish(report, folder.field);
        },
      }),
    },
  };
}

/** Returns a context that concludes over all rows. `wantsFiles` changes while it is read. */
function withoutHandOn<Options>(context: TaskContext<Options>): TaskContext<Options> {
  return Object.create(context, { handOn: { value: undefined } }) as TaskContext<Options>;
}
