import { resolve } from '@tracebloc/ingestor-cli';
import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { ingest, type IngestResult } from '@tracebloc/ingestor-pipeline';
import { inputsOf } from './files/guard.js';
import { checkReportPath } from './files/report.js';
import { prepareLocal } from './local/prepare.js';
import { observed, type ObserverFactory } from './observed.js';

export interface IngestCommand {
  tasks: readonly TaskType[];
  flags: ConfigFlags;
  overwrite: boolean;
  restart: boolean;
  wait: boolean;
  /** The file that the caller writes the findings to; it is checked before anything is read. */
  report?: string;
  createObserver: ObserverFactory;
}

export async function ingestCommand(command: IngestCommand): Promise<IngestResult> {
  const { config } = await resolve({ ...command, purpose: 'ingest' });
  await checkReportPath(command.report, inputsOf([command.flags], [config]));
  if (command.flags.local) await prepareLocal(config.storage.path);
  const { overwrite, restart, wait } = command;
  return observed(command.createObserver, config, (options) =>
    ingest(config, { ...options, overwrite, restart, wait }),
  );
}
