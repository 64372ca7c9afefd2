import type { CatalogSummary } from '@tracebloc/ingestor-storage';
import { renderRest } from '@tracebloc/ingestor-cli';
import { pageFlags, pageOf, storesFlags } from '../../flags.js';
import { renderDatasets } from '../../output/dataset.js';
import { StoresCommand } from '../../stores-command.js';

export default class DatasetsList extends StoresCommand {
  static override summary = 'List the datasets of the catalog, by name.';
  static override description = 'A line on stderr says how many datasets are left out.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --offset 100',
  ];
  static override flags = { ...storesFlags, ...pageFlags };

  async run(): Promise<CatalogSummary[]> {
    const { flags } = await this.parse(DatasetsList);
    const page = pageOf(flags, this.jsonEnabled());
    return this.readStores(flags, async ({ database }) => {
      const total = await database.catalog.count();
      const { catalog } = database;
      // The columns of each dataset are read only if they are shown.
      const entries = await (this.jsonEnabled() ? catalog.list(page) : catalog.summaries(page));
      if (!this.jsonEnabled() && (entries.length > 0 || total === 0)) {
        this.log(total > 0 ? renderDatasets(entries) : `No datasets in ${database.description}.`);
      }
      const rest = renderRest(entries.length, total, flags, 'dataset');
      if (rest !== undefined) this.tell(rest);
      return entries;
    });
  }
}
