import { resolve } from '@tracebloc/ingestor-cli';
import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { validate, type ValidationResult } from '@tracebloc/ingestor-pipeline';
import { inputsOf } from './files/guard.js';
import { checkReportPath } from './files/report.js';
import { observed, type ObserverFactory } from './observed.js';

export interface ValidateCommand {
  tasks: readonly TaskType[];
  flags: ConfigFlags;
  /** The file that the caller writes the findings to; it is checked before anything is read. */
  report?: string;
  createObserver: ObserverFactory;
}

export async function validateCommand(command: ValidateCommand): Promise<ValidationResult> {
  const { config } = await resolve({ ...command, purpose: 'validate' });
  await checkReportPath(command.report, inputsOf([command.flags], [config]));
  return observed(command.createObserver, config, (options) => validate(config, options));
}
