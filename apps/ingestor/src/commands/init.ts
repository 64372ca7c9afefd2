import { Args, Flags } from '@oclif/core';
import { ExitCode } from '@tracebloc/ingestor-core';
import { BaseCommand, terminalWidth } from '@tracebloc/ingestor-cli';
import { datasetFlags, findingFlags } from '../flags.js';
import { reportLayout } from '../output/report.js';
import { renderFound, renderInit, renderNear } from '../output/init.js';
import { askerFor } from '../services/init/ask.js';
import { initCommand, type InitResult } from '../services/init/init.js';

/** The file name that means stdout. */
const STDOUT = '-';

export default class Init extends BaseCommand {
  static override summary = 'Write the ingest.yaml that describes a file or a folder.';
  static override description = `Reads the whole table, so that the types in the schema fit every value. Finds the task that the data fits, and writes a file with comments. Finds the label, the column of moments and that of file names by their values, and measures images. Asks on a terminal about what the data leaves open. Without a terminal all open questions are one error, with their choices and the flags that answer them. With --task, data that does not fit is an error that says what to change.

Needs no database, no backend and no credentials. No value of the data goes into the file, except words that mean a missing value and signs of currencies. Where dates of an end are empty, the latest date of the table does too.

Exit codes: 0 written; 2 wrong usage, or something is left open; 3 the table has errors.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> customers.csv',
    '<%= config.bin %> <%= command.id %> data/ --dry-run',
    '<%= config.bin %> <%= command.id %> cars.csv --label price --label-policy bucket --output cars.yaml',
  ];
  static override args = {
    path: Args.string({ description: 'A table, or a folder that contains one.', required: true }),
  };
  static override flags = {
    task: datasetFlags.task,
    table: datasetFlags.table,
    intent: datasetFlags.intent,
    sheet: Flags.string({ description: 'The sheet of a workbook that is the table.', helpValue: '<name>' }),
    label: datasetFlags.label,
    'label-policy': datasetFlags['label-policy'],
    output: Flags.string({
      char: 'o',
      description: 'Write to this file instead of ingest.yaml beside the table; - is stdout.',
      helpValue: '<file>',
    }),
    'dry-run': Flags.boolean({ description: 'Print the file and write nothing.' }),
    force: Flags.boolean({ description: 'Replace the file if it exists.' }),
    ...findingFlags,
  };

  async run(): Promise<InitResult> {
    const { args, flags } = await this.parse(Init);
    const isStdout = flags.output === STDOUT;
    const result = await initCommand({
      installed: await this.installedTasks(),
      path: args.path,
      answers: { ...flags, labelPolicy: flags['label-policy'] },
      output: isStdout ? undefined : flags.output,
      dryRun: flags['dry-run'] || isStdout,
      force: flags.force,
      ask: askerFor(this.jsonEnabled()),
      onTask: (task, found) => this.tell(renderFound(task, found, terminalWidth(process.stderr))),
    });
    const near = result.outcome === 'invalid' ? [] : result.near;
    for (const misfit of near) this.tell(renderNear(misfit, terminalWidth(process.stderr)));
    this.log(renderInit(result, reportLayout(flags.all)));
    if (result.outcome === 'written') this.acted();
    if (result.outcome === 'invalid') process.exitCode = ExitCode.invalidData;
    return result;
  }
}
