import { Args, Flags } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { deleteDataset } from '@tracebloc/ingestor-pipeline/stored';
import type { CatalogEntry } from '@tracebloc/ingestor-storage';
import { confirm } from '@tracebloc/ingestor-cli';
import { storesFlags } from '../../flags.js';
import { StoresCommand } from '../../stores-command.js';
import { makeError } from '../../errors.js';

export default class DatasetsDelete extends StoresCommand {
  static override summary = "Delete a dataset's table, its files and its catalog entry.";
  static override description =
    'Asks first on a terminal; elsewhere it needs --yes. What a remote backend knows about the dataset stays there.';
  static override examples = ['<%= config.bin %> <%= command.id %> churn_train --yes'];
  static override args = { table: Args.string({ description: "The dataset's table.", required: true }) };
  static override flags = {
    ...storesFlags,
    yes: Flags.boolean({ char: 'y', description: 'Do not ask.' }),
  };

  async run(): Promise<{ deleted: CatalogEntry }> {
    const { args, flags } = await this.parse(DatasetsDelete);
    if (!flags.yes && !(await confirm(`Delete dataset ${args.table}?`))) {
      throw makeError('not-confirmed', {
        message: `Dataset ${args.table} was not deleted.`,
        fix: 'Confirm with --yes.',
      });
    }
    const deleted = await this.withStores(flags, (stores) => deleteDataset(stores, args.table));
    this.acted();
    this.log(`Deleted ${printableLine(deleted.table)}: ${deleted.records} records.`);
    return { deleted };
  }
}
