import type { FindingTotal } from '@tracebloc/ingestor-contract';
import { existsSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { formatYaml } from '@tracebloc/ingestor-config';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { createReport, findTables, surveyPath } from '@tracebloc/ingestor-dataset';
import { type InstalledTask, resolve } from '@tracebloc/ingestor-cli';
import type { Ask } from './ask.js';
import { type Answers, checkLabel, chooseLabel, choosePolicy, chooseTable, chooseTask } from './choose.js';
import { draftDocument, guessIntent, guessTable } from './draft.js';
import { draftSchema } from './schema.js';
import { OutputFile } from '../files/output-file.js';
import { namedByVariables, refuseInput } from '../files/guard.js';
import { makeError } from '../../errors.js';

export interface InitCommand {
  installed: readonly InstalledTask[];
  /** The file or folder to look at. */
  path: string;
  answers: Answers & { table?: string; intent?: string };
  /** Where to write; default: `ingest.yaml` beside the table. */
  output?: string;
  /** Show the file and write nothing. */
  dryRun: boolean;
  /** Replace a file that is there. */
  force: boolean;
  ask: Ask;
  /** Called once the task is known, before what is still open is asked. */
  onTask: (task: string, found: string) => void;
}

export type InitResult =
  | {
      outcome: 'written' | 'shown';
      /** What was found, in a sentence. */
      found: string;
      task: string;
      label?: string;
      table: string;
      intent: string;
      leftOut: { name: string; reason: string }[];
      /** Absolute; what would be written to, where it was only shown. */
      file: string;
      yaml: string;
    }
  | { outcome: 'invalid'; totals: FindingTotal[]; findings: Finding[] };

const OTHER_OUTPUT = 'Name another file with --output <file>.';

/** Looks at data and writes the ingest.yaml that describes it. Throws an `IngestorError` where the data leaves a question open. */
export async function initCommand(command: InitCommand): Promise<InitResult> {
  const { installed, path, answers, dryRun, ask, onTask } = command;
  const source = await chooseTable(await findTables(path), path, ask);
  const file = resolvePath(command.output ?? join(dirname(source), 'ingest.yaml'));
  if (!dryRun) {
    await refuseInput(file, { files: [source, ...namedByVariables()], folders: [] }, OTHER_OUTPUT);
    await refuseOutput(file, command.force);
  }

  const report = createReport();
  // Nothing is held or written meanwhile: a signal may simply end the process.
  const survey = await surveyPath(source, new AbortController().signal, report);
  if (report.errors > 0) {
    return { outcome: 'invalid', totals: report.totals(), findings: report.findings() };
  }

  checkLabel(survey, answers);
  const reading = await chooseTask(installed, survey, answers, ask);
  onTask(reading.task.id, reading.detection.found);
  const label = await chooseLabel(reading, answers, ask);
  const labelPolicy = await choosePolicy(reading, answers, ask);
  const intent = answers.intent ?? guessIntent(source);
  const table = answers.table ?? guessTable(source, intent);
  const schema = draftSchema(reading, label);
  const folder = dirname(file);
  const document = draftDocument({ reading, schema, label, labelPolicy, intent, table, folder });

  // What is written must be accepted, and what the flags say is told here.
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
  };
  if (dryRun) return { outcome: 'shown', ...draft, file, yaml };
  await refuseInput(file, { files: [], folders: Object.values(config.source.sidecars) }, OTHER_OUTPUT);
  await write(file, yaml);
  return { outcome: 'written', ...draft, file, yaml };
}

/** Before anything is read. */
async function refuseOutput(file: string, force: boolean): Promise<void> {
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

async function write(file: string, text: string): Promise<void> {
  await new OutputFile(file).write(text).catch((cause: unknown) => {
    throw notWritable(file, cause);
  });
}

function notWritable(file: string, cause: unknown): IngestorError {
  return makeError('file-not-writable', {
    message: `${file} cannot be written: ${(cause as NodeJS.ErrnoException).code}.`,
    fix: 'Name a file in a folder that exists, can be written to and has room with --output <file>.',
    cause,
  });
}
