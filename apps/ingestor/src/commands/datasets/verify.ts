import { Args } from '@oclif/core';
import { ExitCode, printableLine } from '@tracebloc/ingestor-core';
import { verifyDataset, type Verification } from '@tracebloc/ingestor-pipeline';
import { interruptible } from '@tracebloc/ingestor-cli';
import { findingFlags, storesFlags } from '../../flags.js';
import { reportLayout } from '../../output/report.js';
import { renderVerification } from '../../output/verification.js';
import { boundMemory } from '../../services/bound-memory.js';
import { StoresCommand } from '../../stores-command.js';

const UNCHECKED = "of files only the records' own were looked at";

export default class DatasetsVerify extends StoresCommand {
  static override summary = 'Compare the stored dataset with what was ingested.';
  static override description =
    "Compares the table's columns and rows with the catalog and the ledger, and its cells with the checksums that were kept while they were loaded. Reads every file in the dataset's folder and compares its hash with that of the ingested file. Reports files that are missing and files that no record names. Changes nothing. The exit code is 1 if anything differs.";
  static override examples = ['<%= config.bin %> <%= command.id %> churn_train'];
  static override args = { table: Args.string({ description: "The dataset's table.", required: true }) };
  static override flags = { ...storesFlags, ...findingFlags };

  async run(): Promise<Verification> {
    const { args, flags } = await this.parse(DatasetsVerify);
    const tasks = (await this.installedTasks()).map(({ task }) => task);
    const layoutOf = (id: string) => tasks.find((task) => task.id === id)?.layout;
    const result = await this.readStores(flags, (stores) => {
      boundMemory();
      return interruptible((signal) => verifyDataset(stores, args.table, layoutOf, signal), {
        meanwhile: 'nothing is changed',
      });
    });
    if (!layoutOf(result.task)) this.tell(`No plugin for ${printableLine(result.task)} is installed: ${UNCHECKED}.`);
    this.log(renderVerification(result, reportLayout(flags.all)));
    if (!result.whole) process.exitCode = ExitCode.failed;
    return result;
  }
}
