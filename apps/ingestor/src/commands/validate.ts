import { Flags } from '@oclif/core';
import { ExitCode } from '@tracebloc/ingestor-core';
import type { TrainTestValidation, ValidationResult } from '@tracebloc/ingestor-pipeline';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import {
  configArgs,
  configFlagsOfEach,
  datasetFlags,
  environmentFlags,
  findingFlags,
  installFlags,
  trainTestFlags,
} from '../flags.js';
import { createObserver } from '../output/observer.js';
import { renderReport, reportLayout } from '../output/report.js';
import { renderTrainTestReport } from '../output/train-test.js';
import { writeReport } from '../services/files/report.js';
import { validateTrainTestCommand } from '../services/train-test.js';
import { validateCommand } from '../services/validate.js';

export default class Validate extends BaseCommand {
  static override summary = 'Check a dataset as ingest does, and write nothing.';
  static override description =
    'Reads the whole dataset and reports every problem in one pass, at most 100 of a kind with the total. Needs no database, no backend and no credentials. Two configurations, one for training and one for testing, are checked against each other too.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ingest.yaml',
    '<%= config.bin %> <%= command.id %> ingest.yaml --report findings.json',
    '<%= config.bin %> <%= command.id %> train.yaml test.yaml',
  ];
  static override args = configArgs;
  static override flags = {
    ...datasetFlags,
    ...environmentFlags,
    ...trainTestFlags,
    ...installFlags,
    ...findingFlags,
    report: Flags.string({ description: 'Write the findings to this file, as JSON.', helpValue: '<file>' }),
  };

  async run(): Promise<TrainTestValidation | ValidationResult> {
    const { args, flags } = await this.parse(Validate);
    const [first, second] = configFlagsOfEach(flags, args);
    const result = await this.withTasks<TrainTestValidation | ValidationResult>(
      flags['install-missing'],
      (installed) => {
        const tasks = installed.map(({ task }) => task);
        const command = { tasks, report: flags.report, createObserver };
        return second
          ? validateTrainTestCommand({ ...command, flags: [first, second], allowLeakage: flags['allow-leakage'] })
          : validateCommand({ ...command, flags: first });
      },
    );
    const isReported = await writeReport(flags.report, result, (text) => this.tell(text));
    const layout = reportLayout(flags.all);
    this.log('train' in result ? renderTrainTestReport(result, layout) : renderReport(result, layout));
    if (!isReported) process.exitCode = ExitCode.failed;
    if (!result.valid) process.exitCode = ExitCode.invalidData;
    return result;
  }
}
