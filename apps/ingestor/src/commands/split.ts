import { Args, Flags } from '@oclif/core';
import { ExitCode } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { findingFlags, installFlags } from '../flags.js';
import { chooseSplit } from '../services/config-files.js';
import { reportLayout } from '../output/report.js';
import { renderSplit } from '../output/split.js';
import { splitCommand, type SplitReport } from '../services/split/split.js';

export default class Split extends BaseCommand {
  static override summary = 'Split one manifest into a train and a test manifest.';
  static override description = `Writes <name>.train.csv and <name>.test.csv, or the same in JSON; <name>_train.csv becomes <name>_train.csv and <name>_test.csv in another folder. Rows are copied unchanged. The same seed gives the same split. Classes are kept in proportion: those of --label, or of the label of a classification that an ingest.yaml describes. Every class with two rows or more has a row on each side.

Of an ingest.yaml it writes train.yaml and test.yaml too, ready for: ingestor ingest train.yaml test.yaml. Images and other files stay where they are. If several rows name one file, as with one row for each object, give --group-by filename. A column such as patient_id with values on both sides is a warning.

Exit codes: 0 written; 1 failed; 2 wrong usage or configuration; 3 the manifest cannot be split; 130 interrupted, and nothing written.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> customers.csv --label churned',
    '<%= config.bin %> <%= command.id %> ingest.yaml --test-size 0.1 --seed 7 --output-dir halves',
    '<%= config.bin %> <%= command.id %> scans.csv --label finding --group-by patient',
    '<%= config.bin %> <%= command.id %> weather.csv --time timestamp --test-size 365',
  ];
  static override args = {
    manifest: Args.string({
      description:
        'CSV, JSON or JSON lines, or the ingest.yaml that names it. Default: the manifest of --config, or of ingest.yaml in this folder.',
    }),
  };
  static override flags = {
    config: Flags.string({
      char: 'c',
      description: 'An ingest.yaml that describes the manifest: task, label and CSV options.',
      helpValue: '<file>',
    }),
    label: Flags.string({ description: 'The column whose classes are kept in proportion.', helpValue: '<column>' }),
    'test-size': Flags.string({
      description: 'The fraction of rows for testing, or their number. Default 0.2.',
      helpValue: '<fraction|n>',
      default: '0.2',
    }),
    seed: Flags.integer({ description: 'The seed of the random choice. Default 0.', helpValue: '<n>', default: 0 }),
    'group-by': Flags.string({
      description: 'Keep rows with the same value in this column on one side, such as those of one patient.',
      helpValue: '<column>',
    }),
    time: Flags.string({
      description: 'Use the latest rows by this column for testing. The rows must be sorted by it.',
      helpValue: '<column>',
      exclusive: ['group-by'],
    }),
    'output-dir': Flags.string({
      description: "Write to this folder instead of the manifest's own. It is made if it does not exist.",
      helpValue: '<folder>',
    }),
    force: Flags.boolean({ description: 'Replace files that exist.' }),
    ...installFlags,
    ...findingFlags,
  };

  async run(): Promise<SplitReport> {
    const { args, flags } = await this.parse(Split);
    const { label, seed, time, force } = flags;
    const { manifest, config } = chooseSplit(args.manifest, flags.config);
    const result = await this.withTasks(flags['install-missing'], (installed) =>
      splitCommand({
        tasks: installed.map(({ task }) => task),
        manifest,
        ...{ config, label, seed, time, force },
        testSize: flags['test-size'],
        groupBy: flags['group-by'],
        outputDir: flags['output-dir'],
      }),
    );
    this.log(renderSplit(result, reportLayout(flags.all)));
    if (result.outcome === 'written') this.acted();
    if (result.outcome === 'invalid') process.exitCode = ExitCode.invalidData;
    return result;
  }
}
