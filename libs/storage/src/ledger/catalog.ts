import { Op, type Order } from 'sequelize';
import type { JsonObject } from '@tracebloc/ingestor-contract';
import type { Guard } from '../errors/guard.js';
import { ofTable, type DatasetAttributes, type Models } from './models.js';
import { inPages } from './paging.js';
import type { Catalog, CatalogEntry, Page } from './types.js';

/** Entries that are read by one statement; one may have a megabyte of columns. */
const PAGE = 50;

export class SqlCatalog implements Catalog {
  constructor(
    private readonly models: Models,
    private readonly guard: Guard,
    private readonly foldsCase = false,
  ) {}

  async put(entry: Omit<CatalogEntry, 'createdAt'>): Promise<void> {
    const known = await this.get(entry.table);
    // A run writes its entry again when it is registered; the dataset keeps its time of creation.
    const createdAt = known?.runId === entry.runId ? known.createdAt : new Date();
    const { schema, metadata, ...rest } = entry;
    const row = { ...rest, createdAt, schema: JSON.stringify(schema), metadata: JSON.stringify(metadata) };
    await this.guard(() => this.models.datasets.upsert(row));
    if (!this.foldsCase) return;
    // This entry replaces the ones that an earlier version wrote in another case.
    const others = { [Op.and]: [ofTable(entry.table, true), { table: { [Op.ne]: entry.table } }] };
    await this.guard(() => this.models.datasets.destroy({ where: others }));
  }

  async get(table: string): Promise<CatalogEntry | undefined> {
    return this.guard(async () => {
      const where = ofTable(table, this.foldsCase);
      const found = await this.models.datasets.findOne({ where, order: [['createdAt', 'DESC']] });
      return found ? toEntry(found.get({ plain: true })) : undefined;
    });
  }

  async list(page: Page = {}): Promise<CatalogEntry[]> {
    return this.guard(async () => {
      const order: Order = [['table', 'ASC']];
      const found = await inPages(PAGE, page, (part) => this.models.datasets.findAll({ order, ...part }));
      return found.map((model) => toEntry(model.get({ plain: true })));
    });
  }

  async count(): Promise<number> {
    return this.guard(() => this.models.datasets.count());
  }

  async remove(table: string): Promise<void> {
    await this.guard(() => this.models.datasets.destroy({ where: ofTable(table, this.foldsCase) }));
  }
}

function toEntry(row: DatasetAttributes): CatalogEntry {
  return {
    ...row,
    schema: JSON.parse(row.schema) as Record<string, string>,
    metadata: JSON.parse(row.metadata) as JsonObject,
  };
}
