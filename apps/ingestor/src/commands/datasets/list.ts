import type { CatalogEntry } from '@tracebloc/ingestor-storage';
import { BaseCommand } from '../../base-command.js';
import { placesFlags } from '../../flags.js';
import { count } from '../../output/format.js';
import { renderTable } from '../../output/table.js';
import { readPlaces } from '../../services/catalog.js';

export default class DatasetsList extends BaseCommand {
  static override summary = 'List the datasets of the catalog.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = placesFlags;

  async run(): Promise<CatalogEntry[]> {
    const { flags } = await this.parse(DatasetsList);
    return readPlaces(flags, async ({ database }) => {
      const entries = await database.catalog.list();
      const rows = entries.map((entry) => [
        entry.table,
        entry.task,
        entry.intent,
        count(entry.records),
        entry.registeredWith || 'not registered yet',
        entry.createdAt.toISOString(),
      ]);
      this.log(
        rows.length > 0
          ? renderTable(['TABLE', 'TASK', 'INTENT', 'RECORDS', 'REGISTERED WITH', 'INGESTED'], rows)
          : `No datasets in ${database.description}.`,
      );
      return entries;
    });
  }
}
