import { Flags } from '@oclif/core';
import { ExitCode } from '@tracebloc/ingestor-core';
import type { IngestResult, TrainTestResult } from '@tracebloc/ingestor-pipeline';
import {
  configArgs,
  configFlagsOfEach,
  datasetFlags,
  environmentFlags,
  findingFlags,
  installFlags,
  trainTestFlags,
  shardFlags,
} from '../flags.js';
import { ingestCommand } from '../services/ingest.js';
import { renderLocal } from '../output/local.js';
import { createObserver } from '../output/observer.js';
import { type ReportLayout, renderReport, reportLayout } from '../output/report.js';
import { renderSummary } from '../output/summary.js';
import { renderTrainTestResult } from '../output/train-test.js';
import { writeReport } from '../services/files/report.js';
import { StoresCommand } from '../stores-command.js';
import { ingestTrainTestCommand } from '../services/train-test.js';

/** Differs from the words that a log ends with when the dataset is complete. */
const SHARD_DONE = 'This shard is done; the dataset is published when all are';

export default class Ingest extends StoresCommand {
  static override summary = 'Validate a dataset, write it to the database and register it, once.';
  static override description = `Checks every row, stages them out of sight, makes them all visible in one step and registers the dataset. After an interruption the same command continues at the last committed batch.

Two configurations, one for training and one for testing, are ingested as one. Both are validated and compared first, so that no row or file is in both.

Several processes can ingest one large dataset together. Each gets --shards and its own --shard-index, in any order. The last to finish publishes and registers the dataset.

With --local the dataset is stored in .ingestor in this folder, without a cluster or backend; datasets and runs look there with the same flag.

Flags win over environment variables, these over ingest.yaml, and that over the task's defaults.

Exit codes: 0 all done; 1 the run failed or some records did; 2 wrong usage or configuration; 3 the data failed validation; 130 interrupted.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> ingest.yaml',
    '<%= config.bin %> <%= command.id %> ingest.yaml --local',
    '<%= config.bin %> <%= command.id %> train.yaml test.yaml',
    {
      description: 'Everything from the environment and flags, as in a Kubernetes Job:',
      command:
        'LABEL_FILE=customers.csv TABLE_NAME=churn_train MYSQL_HOST=mysql-client <%= config.bin %> <%= command.id %> --task tabular_classification --intent train --label churned --schema "age: INT, plan: VARCHAR(32)"',
    },
  ];
  static override args = configArgs;
  static override flags = {
    ...datasetFlags,
    ...environmentFlags,
    ...trainTestFlags,
    ...shardFlags,
    ...installFlags,
    ...findingFlags,
    overwrite: Flags.boolean({ description: 'Replace the whole dataset that the table holds.' }),
    restart: Flags.boolean({ description: 'Drop what an interrupted run or shard has staged, and start again.' }),
    wait: Flags.boolean({
      description: 'Wait while another process works on the table, instead of failing (INGESTOR_WAIT=true).',
      env: 'INGESTOR_WAIT',
    }),
    report: Flags.string({ description: 'Write the findings to this file, as JSON.', helpValue: '<file>' }),
  };

  async run(): Promise<IngestResult | TrainTestResult> {
    const { args, flags } = await this.parse(Ingest);
    const { overwrite, restart, wait, report } = flags;
    const [first, second] = configFlagsOfEach(flags, args);
    const result = await this.withTasks<IngestResult | TrainTestResult>(flags['install-missing'], (installed) => {
      const tasks = installed.map(({ task }) => task);
      const command = { tasks, overwrite, restart, wait, report, createObserver };
      return second
        ? ingestTrainTestCommand({ ...command, flags: [first, second], allowLeakage: flags['allow-leakage'] })
        : ingestCommand({ ...command, flags: first });
    });
    this.acted();
    await writeReport(report, result.validation, (text) => this.tell(text));
    this.log(renderResult(result, reportLayout(flags.all)));
    const look = flags.local ? renderLocal(result) : undefined;
    if (look !== undefined) this.log(`\n${look}`);
    if (result.outcome === 'invalid') process.exitCode = ExitCode.invalidData;
    else this.tell(result.outcome === 'staged' ? SHARD_DONE : 'All records processed successfully');
    return result;
  }
}

function renderResult(result: IngestResult | TrainTestResult, layout: ReportLayout): string {
  if (!('runId' in result)) return renderTrainTestResult(result, layout);
  const { validation } = result;
  const hasFindings = validation !== undefined && validation.errors + validation.warnings > 0;
  return [...(hasFindings ? [renderReport(validation, layout)] : []), renderSummary(result)].join('\n\n');
}
