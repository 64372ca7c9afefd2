import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { ExitCode } from '@tracebloc/ingestor-core';
import { ingestTrainTest, trainTestOf, validateTrainTest } from '@tracebloc/ingestor-pipeline';
import type { TrainTestConfigs, TrainTestResult, TrainTestValidation, RunObserver } from '@tracebloc/ingestor-pipeline';
import { renderTrainTestReport, renderTrainTestResult } from '../output/train-test.js';
import { environment, resolve, type ResolveRequest } from '@tracebloc/ingestor-cli';
import { createObserver, observed } from './observer.js';
import { inputsOf } from './files/guard.js';
import { checkReportPath, writeReport } from './files/report.js';

export interface TrainTestCommand {
  tasks: readonly TaskType[];
  flags: readonly [ConfigFlags, ConfigFlags];
  allowLeakage: boolean;
  report?: string;
  print: (text: string) => void;
  /** Told what goes wrong when the work is done. */
  tell: (text: string) => void;
}

export interface IngestTrainTestCommand extends TrainTestCommand {
  overwrite: boolean;
  restart: boolean;
  wait: boolean;
}

/** What is given of each dataset. */
export type TrainTestSources = readonly [
  Pick<ResolveRequest, 'flags' | 'document'>,
  Pick<ResolveRequest, 'flags' | 'document'>,
];

/** Resolves two configurations, given in any order. `TITLE` names one dataset, so it is left out, with a warning. */
export async function resolveTrainTest(
  sources: TrainTestSources,
  request: Omit<ResolveRequest, 'flags' | 'document'>,
): Promise<{ pair: TrainTestConfigs; warnings: string[] }> {
  const { TITLE: title, ...env } = request.env ?? environment();
  const configs = [];
  for (const source of sources) configs.push((await resolve({ ...request, ...source, env })).config);
  const warnings = new Set(configs.flatMap((config) => config.warnings));
  if (title) warnings.add('TITLE has no effect: it names one dataset, and two are given.');
  return { pair: trainTestOf(configs), warnings: [...warnings] };
}

export async function validateTrainTestCommand(command: TrainTestCommand): Promise<TrainTestValidation> {
  const { allowLeakage } = command;
  const result = await run(command, 'validate', (pair, options) =>
    validateTrainTest(pair, { ...options, allowLeakage }),
  );
  if (!(await writeReport(command.report, result, command.tell))) process.exitCode = ExitCode.failed;
  command.print(renderTrainTestReport(result));
  return result;
}

export async function ingestTrainTestCommand(command: IngestTrainTestCommand): Promise<TrainTestResult> {
  const { allowLeakage, overwrite, restart, wait } = command;
  const result = await run(command, 'ingest', (pair, options) =>
    ingestTrainTest(pair, { ...options, allowLeakage, overwrite, restart, wait }),
  );
  await writeReport(command.report, result.validation, command.tell);
  command.print(renderTrainTestResult(result));
  return result;
}

async function run<T>(
  { flags: [first, second], report, ...request }: TrainTestCommand,
  purpose: 'ingest' | 'validate',
  work: (pair: TrainTestConfigs, options: { signal: AbortSignal; observer: RunObserver }) => Promise<T>,
): Promise<T> {
  const { pair, warnings } = await resolveTrainTest([{ flags: first }, { flags: second }], { ...request, purpose });
  await checkReportPath(report, inputsOf([first, second], [pair.train, pair.test]));
  const observer = createObserver(pair.train.logLevel);
  for (const warning of warnings) observer.warn(warning);
  return observed(observer, (signal) => work(pair, { signal, observer }));
}
