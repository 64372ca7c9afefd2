import { Flags } from '@oclif/core';
import { listAbandoned, type Abandoned } from '@tracebloc/ingestor-pipeline';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { BaseCommand } from '../../base-command.js';
import { placesFlags } from '../../flags.js';
import { renderAbandoned, renderRuns } from '../../output/runs.js';
import { readPlaces } from '../../services/catalog.js';

export default class RunsList extends BaseCommand {
  static override summary = 'List the runs of the ledger, or what they have left behind.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --table churn_train',
    '<%= config.bin %> <%= command.id %> --abandoned',
  ];
  static override flags = {
    ...placesFlags,
    table: Flags.string({ description: 'Only the runs of this table.', helpValue: '<name>' }),
    abandoned: Flags.boolean({
      description: 'What runs without a dataset have left, and how `runs clean` removes it.',
    }),
  };

  async run(): Promise<RunRow[] | Abandoned[]> {
    const { flags } = await this.parse(RunsList);
    const { table, abandoned } = flags;
    return readPlaces(flags, async (places) => {
      const { database } = places;
      if (abandoned) {
        const found = (await listAbandoned(places)).filter(({ run }) => !table || run?.table === table);
        this.log(found.length > 0 ? renderAbandoned(found) : 'Nothing is abandoned.');
        return found;
      }
      const runs = (await database.ledger.list()).filter((run) => !table || run.table === table);
      this.log(runs.length > 0 ? renderRuns(runs) : `No runs in ${database.description}.`);
      return runs;
    });
  }
}
