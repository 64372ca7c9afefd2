import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { ingestTrainTest, trainTestOf, validateTrainTest } from '@tracebloc/ingestor-pipeline';
import type { TrainTestConfigs, TrainTestResult, TrainTestValidation, RunObserver } from '@tracebloc/ingestor-pipeline';
import { environment, resolve, type ResolveRequest } from '@tracebloc/ingestor-cli';
import { inputsOf } from './files/guard.js';
import { checkReportPath } from './files/report.js';
import { prepareLocal } from './local/prepare.js';
import { observed, type ObserverFactory } from './observed.js';

export interface TrainTestCommand {
  tasks: readonly TaskType[];
  flags: readonly [ConfigFlags, ConfigFlags];
  allowLeakage: boolean;
  /** The file that the caller writes the findings to; it is checked before anything is read. */
  report?: string;
  createObserver: ObserverFactory;
}

export interface IngestTrainTestCommand extends TrainTestCommand {
  overwrite: boolean;
  restart: boolean;
  wait: boolean;
}

/** The source of each dataset's configuration. */
export type TrainTestSources = readonly [
  Pick<ResolveRequest, 'flags' | 'document'>,
  Pick<ResolveRequest, 'flags' | 'document'>,
];

/** Resolves two configurations, given in any order. `TITLE` names one dataset, so it is left out, with a warning. */
export async function resolveTrainTest(
  sources: TrainTestSources,
  request: Omit<ResolveRequest, 'flags' | 'document'>,
): Promise<{ configs: TrainTestConfigs; warnings: string[] }> {
  const { TITLE: title, ...env } = request.env ?? environment();
  const configs = [];
  for (const source of sources) configs.push((await resolve({ ...request, ...source, env })).config);
  const warnings = new Set(configs.flatMap((config) => config.warnings));
  if (title) warnings.add('TITLE has no effect: it names one dataset, and two are given.');
  return { configs: trainTestOf(configs), warnings: [...warnings] };
}

export async function validateTrainTestCommand(command: TrainTestCommand): Promise<TrainTestValidation> {
  const { allowLeakage } = command;
  return run(command, 'validate', (configs, options) => validateTrainTest(configs, { ...options, allowLeakage }));
}

export async function ingestTrainTestCommand(command: IngestTrainTestCommand): Promise<TrainTestResult> {
  const { allowLeakage, overwrite, restart, wait } = command;
  return run(command, 'ingest', (configs, options) =>
    ingestTrainTest(configs, { ...options, allowLeakage, overwrite, restart, wait }),
  );
}

async function run<T>(
  { flags: [first, second], report, createObserver, ...request }: TrainTestCommand,
  purpose: 'ingest' | 'validate',
  work: (configs: TrainTestConfigs, options: { signal: AbortSignal; observer: RunObserver }) => Promise<T>,
): Promise<T> {
  const { configs, warnings } = await resolveTrainTest([{ flags: first }, { flags: second }], { ...request, purpose });
  await checkReportPath(report, inputsOf([first, second], [configs.train, configs.test]));
  if (purpose === 'ingest' && first.local) await prepareLocal(configs.train.storage.path);
  const { logLevel } = configs.train;
  return observed(createObserver, { logLevel, warnings }, (options) => work(configs, options));
}
