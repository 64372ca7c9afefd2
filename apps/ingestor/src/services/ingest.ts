import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { ingest, type IngestResult } from '@tracebloc/ingestor-pipeline';
import { renderReport } from '../output/report.js';
import { renderSummary } from '../output/summary.js';
import { createObserver, observed } from './observer.js';
import { inputsOf } from './files/guard.js';
import { resolve } from '@tracebloc/ingestor-cli';
import { checkReportPath, writeReport } from './files/report.js';

export interface IngestCommand {
  tasks: readonly TaskType[];
  flags: ConfigFlags;
  overwrite: boolean;
  restart: boolean;
  wait: boolean;
  report?: string;
  print: (text: string) => void;
  /** Told what goes wrong when the work is done. */
  tell: (text: string) => void;
}

export async function ingestCommand(command: IngestCommand): Promise<IngestResult> {
  const { config } = await resolve({ ...command, purpose: 'ingest' });
  await checkReportPath(command.report, inputsOf([command.flags], [config]));
  const observer = createObserver(config.logLevel);
  for (const warning of config.warnings) observer.warn(warning);
  const { overwrite, restart, wait } = command;
  const result = await observed(observer, (signal) => ingest(config, { overwrite, restart, wait, signal, observer }));
  await writeReport(command.report, result.validation, command.tell);
  if (result.validation && result.validation.errors + result.validation.warnings > 0) {
    command.print(`${renderReport(result.validation)}\n`);
  }
  command.print(renderSummary(result));
  return result;
}
