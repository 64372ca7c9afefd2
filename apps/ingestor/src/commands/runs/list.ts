import { Flags } from '@oclif/core';
import { listAbandoned, type Abandoned } from '@tracebloc/ingestor-pipeline';
import type { Page, RunRow } from '@tracebloc/ingestor-storage';
import { BaseCommand } from '../../base-command.js';
import { pageFlags, pageOf, placesFlags } from '../../flags.js';
import { renderRest } from '../../output/format.js';
import { renderAbandoned, renderRuns } from '../../output/runs.js';
import { readPlaces } from '../../services/catalog.js';

export default class RunsList extends BaseCommand {
  static override summary = 'List the runs of the ledger, or what they have left behind; the newest come last.';
  static override description = 'What is left out, the older ones, is told on stderr.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --table churn_train',
    '<%= config.bin %> <%= command.id %> --abandoned',
  ];
  static override flags = {
    ...placesFlags,
    ...pageFlags,
    table: Flags.string({ description: 'Only the runs of this table.', helpValue: '<name>' }),
    abandoned: Flags.boolean({
      description: 'What runs without a dataset have left, and how `runs clean` removes it.',
    }),
  };

  async run(): Promise<RunRow[] | Abandoned[]> {
    const { flags } = await this.parse(RunsList);
    const { abandoned } = flags;
    const page = pageOf(flags, this.jsonEnabled());
    return readPlaces(flags, async (places) => {
      const { database } = places;
      const table = flags.table === undefined ? undefined : await database.tableName(flags.table);
      if (abandoned) {
        const found = (await listAbandoned(places)).filter(({ run }) => !table || run?.table === table);
        const shown = newest(found, page);
        this.#show(shown, found.length, flags, () => renderAbandoned(shown), 'Nothing is abandoned.');
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
