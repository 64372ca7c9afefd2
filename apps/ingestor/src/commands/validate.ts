import { Flags } from '@oclif/core';
import { ExitCode } from '@tracebloc/ingestor-contract';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { BaseCommand } from '../base-command.js';
import { configFlags, datasetFlags, environmentFlags } from '../flags.js';
import { validateCommand } from '../services/validate.js';

export default class Validate extends BaseCommand {
  static override summary = 'Check a dataset as ingest does, and write nothing.';
  static override description =
    'Reads the whole dataset and reports every problem in one pass, at most 100 of a kind with the total. Needs no database, no backend and no credentials.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --config ingest.yaml',
    '<%= config.bin %> <%= command.id %> --config ingest.yaml --report findings.json',
  ];
  static override flags = {
    ...datasetFlags,
    ...environmentFlags,
    report: Flags.string({ description: 'Write the findings to this file, as JSON.', helpValue: '<file>' }),
  };

  async run(): Promise<ValidationResult> {
    const { flags } = await this.parse(Validate);
    const installed = await this.installedTasks();
    const result = await validateCommand({
      tasks: installed.map(({ task }) => task),
      flags: configFlags(flags),
      report: flags.report,
      print: (text) => this.log(text),
    });
    if (!result.valid) process.exitCode = ExitCode.invalidData;
    return result;
  }
}
