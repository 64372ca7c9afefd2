import type {
  ConclusionContext,
  DatasetRecord,
  JsonValue,
  RecordFile,
  Report,
  SidecarFolder as FolderOfLayout,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import { COLUMN_FINDINGS, FILE_FINDINGS, LABEL_FINDINGS, TYPE_FINDINGS } from '../findings/findings.js';
import {
  type ConvertibleFiles,
  type FileReference,
  type SidecarFile,
  SidecarFolder,
  checkPairs,
  reportRepeated,
} from '../files/sidecar-folder.js';
import type { FileOptions, FileTally } from './file-task.js';
import { type FileRow, readFileRecords } from './file-records.js';
import { FILENAME } from './filename.js';
import { PAIR_FINDINGS, checkNamedPartner } from './partner-name.js';
import { type LabelCheck, eachRow, openRecords } from './rows.js';

/** The file that a row names, and the one that belongs to it. */
export interface FilePair {
  file: SidecarFile;
  /** It is absent if it cannot be used, or if there is none. That is reported. */
  partner?: SidecarFile;
}

/** The bytes to store instead of the files of a pair. One that is absent is stored as it is. */
export interface PairContents {
  file?: Uint8Array;
  partner?: Uint8Array;
}

/** The parts of a task whose rows name one file, which has a partner in another folder, that differ from other such tasks. */
export interface PairTaskRule<Options extends FileOptions, Tally extends FileTally = FileTally> extends Pick<
  TaskType<Options>,
  | 'id'
  | 'title'
  | 'summary'
  | 'dataFormat'
  | 'fields'
  | 'fileOptions'
  | 'resolve'
  | 'detect'
  | 'configure'
  | 'metadata'
  | 'findings'
  | 'statistics'
> {
  form?: TaskType['layout']['form'];
  folder: Omit<FolderOfLayout, 'required'>;
  /** The first of its extensions is that of all partners. */
  partner: Omit<FolderOfLayout, 'required'> & {
    /** What the partner's name has after that of the file, before the extension: `_mask`. Default: nothing. */
    suffix?: string;
    /** The column of the manifest that names the partner too, if there is one. It must be filled in, and is stored. */
    column?: string;
  };
  /** A sentence about what a row of the manifest holds. */
  row: string;
  /** Default: any label is right. `CLASS_FINDINGS` are among the findings of a task that has `ClassCheck`. */
  labelCheck?: () => LabelCheck;
  /** The files of other extensions that rows may name. */
  convertible?: (options: Options) => ConvertibleFiles;
  /** Returns an empty tally, which counts all pairs. */
  tally?: (options: Options) => Tally;
  /**
   * Checks the content of a pair, and returns the bytes to store instead of it; if files are not wanted, they may be left out. It is
   * called again for a row that names the same file: then without a tally and with a report that ignores everything.
   */
  prepare: (
    pair: FilePair,
    report: Report,
    context: TaskContext<Options>,
    tally: Tally | undefined,
  ) => Promise<PairContents>;
}

/** Returns a task whose rows each name one file, which has exactly one partner in another folder. Both are stored, or neither. */
export function pairTask<Options extends FileOptions, Tally extends FileTally = FileTally>(
  rule: PairTaskRule<Options, Tally>,
): TaskType<Options> {
  const {
    form,
    folder,
    partner,
    row,
    labelCheck: _check,
    convertible: _others,
    tally,
    prepare: _prepare,
    ...task
  } = rule;
  const { suffix: _suffix, column: _column, ...partnerFolder } = partner;
  return {
    label: { use: 'required', statePolicy: false },
    schema: 'optional',
    missing: 'empty',
    allowFeatureModification: false,
    ...task,
    ...(partner.column !== undefined && { ownColumns: { [partner.column]: 'VARCHAR(255)' } }),
    layout: {
      manifest: ['csv', 'json'],
      ...(form && { form }),
      sidecars: [
        { ...folder, required: true },
        { ...partnerFolder, required: true },
      ],
      description: row,
    },
    findings: [
      ...COLUMN_FINDINGS,
      ...TYPE_FINDINGS,
      ...LABEL_FINDINGS,
      ...FILE_FINDINGS,
      ...(partner.column === undefined ? [] : PAIR_FINDINGS),
      ...task.findings,
    ],
    records: (context) => readPairs(context, rule),
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

async function* readPairs<Options extends FileOptions, Tally extends FileTally>(
  context: TaskContext<Options>,
  rule: PairTaskRule<Options, Tally>,
): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, folders, options, report, filename = FILENAME } = context;
  const { suffix = '', column: partnerColumn, field: partnerField, extensions } = rule.partner;
  const tally = rule.tally?.(options);
  // The labels are those of all rows in each shard, so that only the tally is handed on.
  const own = Object.create(context, { handOn: { value: undefined } }) as TaskContext<Options>;
  const further = partnerColumn === undefined ? [filename] : [filename, partnerColumn];
  const rows = await openRecords(own, rule.labelCheck?.() ?? { add: () => undefined }, further);
  if (!rows) return;
  const [files, partners] = await Promise.all([
    SidecarFolder.open(folders[rule.folder.field]!, options.extension, rule.convertible?.(options)),
    SidecarFolder.open(folders[partnerField]!, extensions[0]!),
  ]);
  const column = rows.at.get(filename);
  const partnerAt = rows.at.get(partnerColumn ?? '');

  const complete = async ({ record, cells }: FileRow, rowReport: Report): Promise<DatasetRecord> => {
    if (column === undefined) return record;
    if (!dataset.isOwn(record.row)) {
      files.mark(cells[column]!);
      return record;
    }
    const reference: FileReference = { report: rowReport, file: dataset.file, row: record.row, column: filename };
    const found = await files.find(cells[column]!, reference);
    if (partnerAt !== undefined) {
      const wanted = found && found.stem + suffix;
      checkNamedPartner(cells[partnerAt]!, wanted, extensions[0]!, { ...reference, column: partnerColumn });
    }
    if (!found) return record;
    reportRepeated(found, reference);
    const name = found.stem + suffix;
    // A partner that is missing is reported once all rows are read, together with those of files that no row names.
    const partner = partners.has(name) ? await partners.find(name, reference) : undefined;
    const pair: FilePair = { file: madeOnce(found), ...(partner && { partner: madeOnce(partner) }) };
    const contents = await contentsOf(pair, rowReport);
    const stored = [
      await storedFile(pair.file, contents.file, context.wantsFiles),
      ...(pair.partner ? [await storedFile(pair.partner, contents.partner, context.wantsFiles)] : []),
    ];
    return { ...record, filename: found.stem, extension: found.extension, files: stored };
  };
  const contentsOf = async (pair: FilePair, rowReport: Report): Promise<PairContents> => {
    if (!pair.file.repeated) return rule.prepare(pair, rowReport, context, tally);
    // A row that names the file again may be the first one that this run stores.
    return context.wantsFiles ? rule.prepare(pair, new Unheard(rowReport), context, undefined) : {};
  };
  yield* readFileRecords(eachRow(rows), complete, context);

  checkPairs(files, partners, report, suffix);
  if (column !== undefined && dataset.complete) await files.reportUnnamed(report, context.namedElsewhere);
  if (!tally) return;
  if (context.handOn) context.handOn(tally.partial());
  else tally.finish(report, files.name);
}

/** Returns the file with bytes that are made once, although it is read several times. */
function madeOnce(file: SidecarFile): SidecarFile {
  const { make } = file;
  if (!make) return file;
  let made: Promise<Uint8Array> | undefined;
  return { ...file, make: () => (made ??= make()) };
}

async function storedFile(file: SidecarFile, content: Uint8Array | undefined, isWanted: boolean): Promise<RecordFile> {
  const { path: source, within, stem, extension } = file;
  const bytes = content ?? (isWanted ? await file.make?.() : undefined);
  return { source, within, target: stem + extension, ...(bytes && { content: bytes }) };
}

/** Ignores what is reported, and knows the errors of another report. */
class Unheard implements Report {
  constructor(private readonly report: Report) {}

  get errors(): number {
    return this.report.errors;
  }

  get warnings(): number {
    return this.report.warnings;
  }

  add(): void {
    // The first row that named the file has reported it.
  }

  isFull(): boolean {
    return true;
  }

  count(): void {
    // As above.
  }
}
