import type { JsonObject } from '@tracebloc/ingestor-contract';
import type { Guard } from './errors.js';
import type { DatasetAttributes, Models } from './models.js';
import type { Catalog, CatalogEntry, Page } from './types.js';

export class SqlCatalog implements Catalog {
  constructor(
    private readonly models: Models,
    private readonly guard: Guard,
  ) {}

  async put(entry: Omit<CatalogEntry, 'createdAt'>): Promise<void> {
    const known = await this.get(entry.table);
    // A run that writes its entry again, once it is registered, has not created another dataset.
    const createdAt = known?.runId === entry.runId ? known.createdAt : new Date();
    const { schema, metadata, ...rest } = entry;
    const row = { ...rest, createdAt, schema: JSON.stringify(schema), metadata: JSON.stringify(metadata) };
    await this.guard(() => this.models.datasets.upsert(row));
  }

  async get(table: string): Promise<CatalogEntry | undefined> {
    return this.guard(async () => {
      const found = await this.models.datasets.findByPk(table);
      return found ? toEntry(found.get({ plain: true })) : undefined;
    });
  }

  async list({ limit, offset }: Page = {}): Promise<CatalogEntry[]> {
    return this.guard(async () => {
      const found = await this.models.datasets.findAll({ order: [['table', 'ASC']], limit, offset });
      return found.map((model) => toEntry(model.get({ plain: true })));
    });
  }

  async count(): Promise<number> {
    return this.guard(() => this.models.datasets.count());
  }

  async remove(table: string): Promise<void> {
    await this.guard(() => this.models.datasets.destroy({ where: { table } }));
  }
}

function toEntry(row: DatasetAttributes): CatalogEntry {
  return {
    ...row,
    schema: JSON.parse(row.schema) as Record<string, string>,
    metadata: JSON.parse(row.metadata) as JsonObject,
  };
}
