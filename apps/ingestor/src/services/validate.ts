import type { ConfigFlags } from '@tracebloc/ingestor-config';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { ExitCode } from '@tracebloc/ingestor-core';
import { validate, type ValidationResult } from '@tracebloc/ingestor-pipeline';
import { renderReport } from '../output/report.js';
import { createObserver, observed } from './observer.js';
import { inputsOf } from './files/guard.js';
import { resolve } from '@tracebloc/ingestor-cli';
import { checkReportPath, writeReport } from './files/report.js';

export interface ValidateCommand {
  tasks: readonly TaskType[];
  flags: ConfigFlags;
  report?: string;
  print: (text: string) => void;
  /** Told what goes wrong when the work is done. */
  tell: (text: string) => void;
}

export async function validateCommand(command: ValidateCommand): Promise<ValidationResult> {
  const { config } = await resolve({ ...command, purpose: 'validate' });
  await checkReportPath(command.report, inputsOf([command.flags], [config]));
  const observer = createObserver(config.logLevel);
  for (const warning of config.warnings) observer.warn(warning);
  const result = await observed(observer, (signal) => validate(config, { signal, observer }));
  if (!(await writeReport(command.report, result, command.tell))) process.exitCode = ExitCode.failed;
  command.print(renderReport(result));
  return result;
}
