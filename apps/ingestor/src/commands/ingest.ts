import { Flags } from '@oclif/core';
import { ExitCode } from '@tracebloc/ingestor-contract';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { BaseCommand } from '../base-command.js';
import { configFlags, datasetFlags, environmentFlags } from '../flags.js';
import { ingestCommand } from '../services/ingest.js';

export default class Ingest extends BaseCommand {
  static override summary = 'Validate a dataset, write it to the database and register it, once.';
  static override description = `Checks every row, stages them out of sight, makes them visible all at once and registers the dataset. Run again after an interruption, it continues at the last committed batch.

Flags win over environment variables, these over ingest.yaml, and that over the task's defaults.

Exit codes: 0 all done; 1 the run failed or some records did; 2 wrong usage or configuration; 3 the data failed validation; 130 interrupted.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --config ingest.yaml',
    {
      description: 'Everything from the environment and flags, as in a Kubernetes Job:',
      command:
        'LABEL_FILE=customers.csv TABLE_NAME=churn_train MYSQL_HOST=mysql-client <%= config.bin %> <%= command.id %> --task tabular_classification --intent train --label churned --schema "age: INT, plan: VARCHAR(32)"',
    },
  ];
  static override flags = {
    ...datasetFlags,
    ...environmentFlags,
    overwrite: Flags.boolean({ description: 'Replace the dataset that the table holds, whole.' }),
    restart: Flags.boolean({ description: 'Drop what an interrupted run has staged and begin anew.' }),
    report: Flags.string({ description: 'Write the findings to this file, as JSON.', helpValue: '<file>' }),
  };

  async run(): Promise<IngestResult> {
    const { flags } = await this.parse(Ingest);
    const { overwrite, restart, report } = flags;
    const installed = await this.installedTasks();
    const result = await ingestCommand({
      tasks: installed.map(({ task }) => task),
      flags: configFlags(flags),
      overwrite,
      restart,
      report,
      print: (text) => this.log(text),
    });
    if (result.outcome === 'invalid') process.exitCode = ExitCode.invalidData;
    else this.tell('All records processed successfully');
    return result;
  }
}
