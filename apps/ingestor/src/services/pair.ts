import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { ExitCode } from '@tracebloc/ingestor-core';
import { ingestPair, pairOf, validatePair } from '@tracebloc/ingestor-pipeline';
import type { DatasetPair, PairResult, PairValidation, RunObserver } from '@tracebloc/ingestor-pipeline';
import { renderPairReport, renderPairResult } from '../output/pair.js';
import { environment } from '../secrets.js';
import { createObserver, observed } from './observer.js';
import { inputsOf } from './output-guard.js';
import { resolve, type ResolveRequest } from './resolve.js';
import { checkReportPath, writeReport } from './write-report.js';

export interface PairCommand {
  tasks: readonly TaskType[];
  flags: readonly [ConfigFlags, ConfigFlags];
  allowLeakage: boolean;
  report?: string;
  print: (text: string) => void;
  /** Told what goes wrong when the work is done. */
  tell: (text: string) => void;
}

export interface IngestPairCommand extends PairCommand {
  overwrite: boolean;
  restart: boolean;
  wait: boolean;
}

/** What is given of each dataset. */
export type PairSources = readonly [
  Pick<ResolveRequest, 'flags' | 'document'>,
  Pick<ResolveRequest, 'flags' | 'document'>,
];

/** Resolves two configurations, given in any order. `TITLE` names one dataset, so it is left out, with a warning. */
export async function resolvePair(
  sources: PairSources,
  request: Omit<ResolveRequest, 'flags' | 'document'>,
): Promise<{ pair: DatasetPair; warnings: string[] }> {
  const { TITLE: title, ...env } = request.env ?? environment();
  const configs = [];
  for (const source of sources) configs.push((await resolve({ ...request, ...source, env })).config);
  const warnings = new Set(configs.flatMap((config) => config.warnings));
  if (title) warnings.add('TITLE has no effect: it names one dataset, and two are given.');
  return { pair: pairOf(configs), warnings: [...warnings] };
}

export async function validatePairCommand(command: PairCommand): Promise<PairValidation> {
  const { allowLeakage } = command;
  const result = await run(command, 'validate', (pair, options) => validatePair(pair, { ...options, allowLeakage }));
  if (!(await writeReport(command.report, result, command.tell))) process.exitCode = ExitCode.failed;
  command.print(renderPairReport(result));
  return result;
}

export async function ingestPairCommand(command: IngestPairCommand): Promise<PairResult> {
  const { allowLeakage, overwrite, restart, wait } = command;
  const result = await run(command, 'ingest', (pair, options) =>
    ingestPair(pair, { ...options, allowLeakage, overwrite, restart, wait }),
  );
  await writeReport(command.report, result.validation, command.tell);
  command.print(renderPairResult(result));
  return result;
}

async function run<T>(
  { flags: [first, second], report, ...request }: PairCommand,
  purpose: 'ingest' | 'validate',
  work: (pair: DatasetPair, options: { signal: AbortSignal; observer: RunObserver }) => Promise<T>,
): Promise<T> {
  const { pair, warnings } = await resolvePair([{ flags: first }, { flags: second }], { ...request, purpose });
  await checkReportPath(report, inputsOf([first, second], [pair.train, pair.test]));
  const observer = createObserver(pair.train.logLevel);
  for (const warning of warnings) observer.warn(warning);
  return observed(observer, (signal) => work(pair, { signal, observer }));
}
