import { Flags } from '@oclif/core';
import type { Leftovers } from '@tracebloc/ingestor-pipeline';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { renderRest } from '@tracebloc/ingestor-cli';
import { pageFlags, pageOf, storesFlags } from '../../flags.js';
import { renderRunList } from '../../output/runs.js';
import { listCommand } from '../../services/runs/list.js';
import { StoresCommand } from '../../stores-command.js';

export default class RunsList extends StoresCommand {
  static override summary = 'List the runs of the ledger, or what they have left behind; the newest come last.';
  static override description = 'A line on stderr says how many older runs are left out.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --table churn_train',
    '<%= config.bin %> <%= command.id %> --abandoned',
  ];
  static override flags = {
    ...storesFlags,
    ...pageFlags,
    table: Flags.string({ description: 'List only the runs of this table.', helpValue: '<name>' }),
    abandoned: Flags.boolean({
      description: 'List what runs without a dataset have left, and the command that removes it.',
    }),
  };

  async run(): Promise<RunRow[] | Leftovers[]> {
    const { flags } = await this.parse(RunsList);
    const { table, abandoned } = flags;
    const page = pageOf(flags, this.jsonEnabled());
    const list = await this.readStores(flags, (stores) => listCommand(stores, { table, abandoned, page }));
    const text = this.jsonEnabled() ? undefined : renderRunList(list);
    if (text !== undefined) this.log(text);
    const rest = renderRest(list.shown.length, list.total, page, 'run');
    if (rest !== undefined) this.tell(rest);
    return list.shown;
  }
}
