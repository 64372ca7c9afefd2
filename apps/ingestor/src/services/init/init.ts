import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve as resolvePath } from 'node:path';
import { formatYaml } from '@tracebloc/ingestor-config';
import type { Finding, FindingTotal, Survey } from '@tracebloc/ingestor-contract';
import { type IngestorError, printableLine } from '@tracebloc/ingestor-core';
import { createReport, findTables, surveyPath } from '@tracebloc/ingestor-dataset';
import { type InstalledTask, resolve } from '@tracebloc/ingestor-cli';
import { type Ask, OpenQuestions } from './ask.js';
import { type Answers, checkLabel, chooseLabel, choosePolicy, chooseTask } from './choose.js';
import { describeNear, type NearMisfit, type Reading, withoutTable } from './fit.js';
import { chooseTable } from './parts.js';
import { chooseSheet } from './sheet.js';
import { type PossibleTable, questionsPerTable } from './tables.js';
import { draftDocument, guessIntent, guessTable } from './draft.js';
import { requireFormat, tableFormats } from './formats.js';
import { draftSchema, type DraftSchema, type LeftOut } from './schema.js';
import { boundMemory } from '../bound-memory.js';
import { OutputFile } from '../files/output-file.js';
import { namedByVariables, refuseInput } from '../files/guard.js';
import { findLayouts, layoutReadings } from './layouts.js';
import { initLayout, namesFiles } from './init-layout.js';
import { makeError } from '../../errors.js';

export interface InitCommand {
  installed: readonly InstalledTask[];
  /** The file or folder to look at. */
  path: string;
  answers: Answers & { table?: string; intent?: string };
  /** The file to write. Default: `ingest.yaml` beside the table. */
  output?: string;
  /** Returns the text and writes nothing. */
  dryRun: boolean;
  /** Replaces a file that exists. */
  force: boolean;
  ask: Ask;
  /** Called when the task is known, before further questions. */
  onTask: (task: string, found: string) => void;
}

export type InitResult =
  | {
      outcome: 'written' | 'shown';
      /** A description of the data that was found. */
      found: string;
      task: string;
      label?: string;
      table: string;
      intent: string;
      leftOut: LeftOut[];
      /** Tasks that the data seems to be meant for, and why it does not fit them. */
      near: NearMisfit[];
      /** Sentences about what no value of the data decides, and how it is read unless the user changes the file. */
      doubts: readonly string[];
      /** The absolute path of the file that was written, or that would be. */
      file: string;
      yaml: string;
      /** The configuration of the other half of a dataset that has one for training and one for testing. */
      test?: { table: string; file: string; yaml: string };
    }
  | { outcome: 'invalid'; totals: FindingTotal[]; findings: Finding[] };

export const OTHER_OUTPUT = 'Name another file with --output <file>.';

/** Looks at data and writes the ingest.yaml that describes it. Throws an `IngestorError` if a question stays open. */
export async function initCommand(command: InitCommand): Promise<InitResult> {
  const { installed, path, answers, dryRun, ask, onTask } = command;
  const { signal } = new AbortController();
  const formats = tableFormats(path);
  const tables = await findTables(path, formats);
  const laidOut = await layoutReadings(await findLayouts(path, formats, installed), installed, answers);
  if (laidOut.length > 0 && !(await namesFiles(tables, { installed, formats, answers }))) {
    return initLayout(command, laidOut);
  }
  if (tables.length === 0) {
    const survey = await surveyPath(path, signal, undefined, formats);
    throw await withoutTable(installed, survey, path, answers.task, formats);
  }
  const open = new OpenQuestions(ask);
  /** Ends with the question for the table, and those that come after it. */
  const refuseTables = async (possible: readonly PossibleTable[]): Promise<never> => {
    boundMemory();
    open.list.push(...(await questionsPerTable(possible, { installed, answers, formats, signal })));
    open.refuse();
    throw new Error('A table that stays open is a question.');
  };
  const chosen = await chooseTable(tables, formats, open.ask, signal);
  if (chosen === undefined) {
    return refuseTables(tables.map((one) => ({ path: one, name: basename(one) })));
  }
  const { path: source } = chosen;
  const file = resolvePath(command.output ?? join(dirname(source), 'ingest.yaml'));
  if (!dryRun) {
    await refuseInput(file, { files: [source, ...namedByVariables()], folders: [] }, OTHER_OUTPUT);
    await refuseOutput(file, command.force);
  }

  boundMemory();
  await requireFormat(source, formats);
  const sheet = await chooseSheet(source, formats, answers.sheet, open.ask);
  if (!sheet.options) return refuseTables(sheet.open.map((one) => ({ ...one, path: source })));
  const report = createReport();
  // A signal may simply end the process here, since nothing is locked or written.
  const survey = withDoubt(await surveyPath(source, signal, report, formats, sheet.options), chosen.doubt);
  if (report.errors > 0) {
    return { outcome: 'invalid', totals: report.totals(), findings: report.findings().map(withoutFile) };
  }

  checkLabel(survey, answers);
  const { readings, near, doubt } = await chooseTask(installed, survey, answers, open.ask);
  const [reading] = readings as [Reading, ...Reading[]];
  if (!open.list.some(({ about }) => about === 'task')) onTask(reading.task.id, reading.detection.found);
  const label = await chooseLabel(readings, answers, open.ask);
  const labelPolicy = await choosePolicy(readings, answers, open.ask);
  open.refuse(near.map((misfit) => printableLine(describeNear(misfit))));
  const intent = answers.intent ?? guessIntent(source);
  const table = answers.table ?? guessTable(source, intent);
  const schema = draftSchema(reading, label);
  refuseEmpty(reading, schema, label);
  const folder = dirname(file);
  const document = draftDocument({ reading, schema, label, labelPolicy, intent, table, folder });

  // The configuration must be valid, and wrong flags are reported here.
  const { config } = await resolve({
    tasks: installed.map(({ task }) => task),
    purpose: 'validate',
    document: document.toJSON(),
    flags: { table: answers.table, intent: answers.intent, labelPolicy: answers.labelPolicy },
    env: {},
    cwd: folder,
  });
  const yaml = formatYaml(document);
  const draft = {
    found: reading.detection.found,
    task: reading.task.id,
    label,
    table,
    intent,
    leftOut: schema.leftOut,
    near,
    doubts: [...(doubt === undefined ? [] : [doubt]), ...(reading.detection.manifest.doubts ?? [])],
  };
  if (dryRun) return { outcome: 'shown', ...draft, file, yaml };
  await refuseInput(file, { files: [], folders: Object.values(config.source.sidecars) }, OTHER_OUTPUT);
  await write(file, yaml);
  return { outcome: 'written', ...draft, file, yaml };
}

/** Throws if the task stores columns of the table beside the label, and the table has none that can be stored. */
function refuseEmpty({ task, detection }: Reading, { columns, leftOut }: DraftSchema, label: string | undefined): void {
  const wanted = detection.schema.filter((name) => name !== label);
  if (columns.length > 0 || wanted.length === 0) return;
  const why = leftOut.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw makeError('task-misfit', {
    message: printableLine(`The data does not fit ${task.id}: no column beside the label can be stored (${why}).`),
    fix: ['Add or rename a column, or give the task that the data is for with --task <id>.'],
  });
}

/** The option that skips rows, as fixes name it. `init` writes no file in which it could be set. */
const SKIPS = /set `spec\.csv_options\.on_bad_lines: warn` to skip (?:it|such rows)/;

/** Returns the finding with a fix that needs no ingest.yaml. */
function withoutFile(finding: Finding): Finding {
  return { ...finding, fix: finding.fix.replace(SKIPS, 'remove the line') };
}

/** Adds what was decided about the table itself. */
function withDoubt(survey: Survey, doubt: string | undefined): Survey {
  if (doubt === undefined) return survey;
  const manifests = survey.manifests.map((one) => ({ ...one, doubts: [doubt, ...(one.doubts ?? [])] }));
  return { ...survey, manifests };
}

export async function refuseOutput(file: string, force: boolean): Promise<void> {
  if (force || !existsSync(file)) {
    await new OutputFile(file).probe().catch((cause: unknown) => {
      throw notWritable(file, cause);
    });
    return;
  }
  throw makeError('file-exists', {
    message: `${file} exists already.`,
    fix: ['Write to another file with --output <file>,', 'replace it with --force, or only look with --dry-run.'],
  });
}

export async function write(file: string, text: string): Promise<void> {
  await new OutputFile(file).write(text).catch((cause: unknown) => {
    throw notWritable(file, cause);
  });
}

function notWritable(file: string, cause: unknown): IngestorError {
  return makeError('file-not-writable', {
    message: `${file} cannot be written: ${(cause as NodeJS.ErrnoException).code}.`,
    fix: 'With --output <file> name a file in a folder that exists, can be written to and has room.',
    cause,
  });
}
