import { Flags } from '@oclif/core';
import { listLeftovers, type Leftovers } from '@tracebloc/ingestor-pipeline';
import type { Page, RunRow } from '@tracebloc/ingestor-storage';
import { BaseCommand, renderRest } from '@tracebloc/ingestor-cli';
import { pageFlags, pageOf, storesFlags } from '../../flags.js';
import { renderLeftovers, renderRuns } from '../../output/runs.js';
import { readStores } from '../../services/stores.js';

export default class RunsList extends BaseCommand {
  static override summary = 'List the runs of the ledger, or what they have left behind; the newest come last.';
  static override description = 'What is left out, the older ones, is told on stderr.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --table churn_train',
    '<%= config.bin %> <%= command.id %> --abandoned',
  ];
  static override flags = {
    ...storesFlags,
    ...pageFlags,
    table: Flags.string({ description: 'Only the runs of this table.', helpValue: '<name>' }),
    abandoned: Flags.boolean({
      description: 'What runs without a dataset have left, and how `runs clean` removes it.',
    }),
  };

  async run(): Promise<RunRow[] | Leftovers[]> {
    const { flags } = await this.parse(RunsList);
    const { abandoned } = flags;
    const page = pageOf(flags, this.jsonEnabled());
    return readStores(flags, async (stores) => {
      const { database } = stores;
      const table = flags.table === undefined ? undefined : await database.tableName(flags.table);
      if (abandoned) {
        const found = (await listLeftovers(stores)).filter(({ run }) => !table || run?.table === table);
        const shown = newest(found, page);
        this.#show(shown, found.length, flags, () => renderLeftovers(shown), 'Nothing is abandoned.');
        return shown;
      }
      const total = await database.ledger.count(table);
      const runs = await database.ledger.list({ ...page, table });
      this.#show(runs, total, flags, () => renderRuns(runs), `No runs in ${database.description}.`);
      return runs;
    });
  }

  #show(shown: readonly unknown[], total: number, page: Page, render: () => string, none: string): void {
    if (!this.jsonEnabled() && (shown.length > 0 || total === 0)) this.log(total > 0 ? render() : none);
    const rest = renderRest(shown.length, total, page, 'run');
    if (rest !== undefined) this.tell(rest);
  }
}

/** The same part as `Ledger.list` gives. */
function newest<T>(all: readonly T[], { limit = Infinity, offset = 0 }: Page): T[] {
  const end = Math.max(0, all.length - offset);
  return all.slice(Math.max(0, end - limit), end);
}
