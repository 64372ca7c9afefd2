import { existsSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve as resolvePath } from 'node:path';
import { formatYaml } from '@tracebloc/ingestor-config';
import type { Detection, TableFormat } from '@tracebloc/ingestor-contract';
import { IngestorError } from '@tracebloc/ingestor-core';
import { createReport, surveyPath } from '@tracebloc/ingestor-dataset';
import { type InstalledTask, resolve } from '@tracebloc/ingestor-cli';
import { OpenQuestions } from './ask.js';
import { type Answers, chooseAmong, choosePolicy } from './choose.js';
import { draftDocument, guessIntent, guessTable } from './draft.js';
import { findReadings } from './fit.js';
import { type InitCommand, type InitResult, OTHER_OUTPUT, refuseOutput, write } from './init.js';
import type { LayoutReading } from './layouts.js';
import { draftSchema } from './schema.js';
import { boundMemory } from '../bound-memory.js';
import { namedByVariables, refuseInput } from '../files/guard.js';

/** Whether one of the tables names files that a task reads, so that it is the manifest of the dataset. */
export async function namesFiles(
  tables: readonly string[],
  {
    installed,
    formats,
    answers,
  }: { installed: readonly InstalledTask[]; formats: readonly TableFormat[]; answers: Answers },
): Promise<boolean> {
  for (const table of tables) {
    const survey = await surveyPath(table, new AbortController().signal, createReport(), formats);
    if (survey.manifests.length === 0) continue;
    try {
      const { readings } = await findReadings(installed, survey, answers);
      if (readings.some(({ task }) => task.layout.sidecars.length > 0)) return true;
    } catch (error) {
      // A table that fits no task is not the manifest.
      if (!(error instanceof IngestorError)) throw error;
    }
  }
  return false;
}

/** Writes the configuration of a dataset in a data layout, or two of them for its halves. */
export async function initLayout(command: InitCommand, found: readonly LayoutReading[]): Promise<InitResult> {
  const { path, answers, dryRun, force, ask, onTask } = command;
  const open = new OpenQuestions(ask);
  boundMemory();
  const readings = await chooseAmong(found, open.ask);
  const [reading] = readings as [LayoutReading, ...LayoutReading[]];
  if (open.list.length === 0) onTask(reading.task.id, reading.detection.found);
  const labelPolicy = await choosePolicy(readings, answers, open.ask);
  open.refuse();

  const folder = existsSync(path) && statSync(path).isDirectory() ? resolvePath(path) : dirname(resolvePath(path));
  const file = resolvePath(command.output ?? join(folder, 'ingest.yaml'));
  const testFile = `${file.slice(0, file.length - extname(file).length)}.test${extname(file)}`;
  const files = reading.test ? [file, testFile] : [file];
  for (const one of dryRun ? [] : files) {
    const inputs = [reading.detection, reading.test].flatMap((half) => (half ? [half.manifest.path] : []));
    const named = inputs.filter((input) => statSync(input).isFile());
    await refuseInput(one, { files: [...named, ...namedByVariables()], folders: [] }, OTHER_OUTPUT);
    await refuseOutput(one, force);
  }
  const half = async (detection: Detection, intent: string, at: string) => {
    const table = tableName(answers.table, folder, intent, reading.test);
    const own = { task: reading.task, detection };
    const [label] = detection.labels;
    const schema = draftSchema(own, label);
    const document = draftDocument({ reading: own, schema, label, labelPolicy, intent, table, folder: dirname(at) });
    await resolve({
      tasks: command.installed.map(({ task }) => task),
      purpose: 'validate',
      document: document.toJSON(),
      flags: { labelPolicy: answers.labelPolicy },
      env: {},
      cwd: dirname(at),
    });
    return { table, intent, file: at, yaml: formatYaml(document), label };
  };
  const intent = answers.intent ?? (reading.test ? 'train' : guessIntent(reading.detection.manifest.path));
  const train = await half(reading.detection, intent, file);
  const test = reading.test && (await half(reading.test, 'test', testFile));
  if (!dryRun) for (const one of [train, test]) if (one) await write(one.file, one.yaml);
  return {
    outcome: dryRun ? 'shown' : 'written',
    found: reading.detection.found,
    task: reading.task.id,
    ...train,
    leftOut: [],
    near: [],
    doubts: reading.detection.manifest.doubts ?? [],
    ...(test && { test: { table: test.table, file: test.file, yaml: test.yaml } }),
  };
}

/** Returns the name of the table of a half: the named one, with the intent if there are two halves. */
function tableName(named: string | undefined, path: string, intent: string, test: unknown): string {
  if (named === undefined) return guessTable(path, intent);
  return test ? `${named.replace(/_(train|test)$/, '')}_${intent}` : named;
}
