import { Args } from '@oclif/core';
import { ExitCode, printableLine } from '@tracebloc/ingestor-core';
import { verifyDataset, type Verification } from '@tracebloc/ingestor-pipeline';
import { BaseCommand, interruptible } from '@tracebloc/ingestor-cli';
import { findingFlags, storesFlags } from '../../flags.js';
import { reportLayout } from '../../output/report.js';
import { renderVerification } from '../../output/verification.js';
import { readStores } from '../../services/stores.js';

const UNCHECKED = "of files only the records' own were looked at";

export default class DatasetsVerify extends BaseCommand {
  static override summary = 'Compare what database and volume hold of a dataset with what it was when it was ingested.';
  static override description =
    "Compares the table's columns and rows with the catalog and the ledger, its cells with the checksums kept while they were loaded, and its folder with the records: each has its files, every file is read to its end and has the hash of what was ingested, and there are no others. Changes nothing; exit code 1 where anything differs.";
  static override examples = ['<%= config.bin %> <%= command.id %> churn_train'];
  static override args = { table: Args.string({ description: "The dataset's table.", required: true }) };
  static override flags = { ...storesFlags, ...findingFlags };

  async run(): Promise<Verification> {
    const { args, flags } = await this.parse(DatasetsVerify);
    const tasks = (await this.installedTasks()).map(({ task }) => task);
    const layoutOf = (id: string) => tasks.find((task) => task.id === id)?.layout;
    const result = await readStores(flags, (stores) =>
      interruptible((signal) => verifyDataset(stores, args.table, layoutOf, signal), {
        meanwhile: 'nothing is changed',
      }),
    );
    if (!layoutOf(result.task)) this.tell(`No plugin for ${printableLine(result.task)} is installed: ${UNCHECKED}.`);
    this.log(renderVerification(result, reportLayout(flags.all)));
    if (!result.whole) process.exitCode = ExitCode.failed;
    return result;
  }
}
