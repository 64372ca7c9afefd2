import { fn, literal, Op, type FindOptions, type Order } from 'sequelize';
import type { JsonObject } from '@tracebloc/ingestor-contract';
import type { Guard } from '../errors/guard.js';
import { ofTable, toDate, type DatasetAttributes, type Models } from './models.js';
import { inPages, MOST_ROWS } from './paging.js';
import type { Catalog, CatalogEntry, CatalogSummary, Page } from './types.js';

/** Entries that may be read by one statement whatever their columns are: one may have a megabyte of them. */
const FEW = 50;
/** The characters of columns and metadata that one statement returns at most, unless a single entry has more. */
const PAGE_TEXT = 8 << 20;

const BY_NAME: Order = [['table', 'ASC']];

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
      const size = (page.limit ?? Infinity) <= FEW ? FEW : await this.#pageSize();
      const rows = await inPages(size, page, (part) => this.#read<DatasetAttributes>({ order: BY_NAME, ...part }));
      return rows.map(toEntry);
    });
  }

  async summaries(page: Page = {}): Promise<CatalogSummary[]> {
    return this.guard(() => {
      const options = { order: BY_NAME, attributes: { exclude: ['schema', 'metadata'] } };
      return inPages(MOST_ROWS, page, (part) => this.#read<CatalogSummary>({ ...options, ...part }));
    });
  }

  async count(): Promise<number> {
    return this.guard(() => this.models.datasets.count());
  }

  async remove(table: string): Promise<void> {
    await this.guard(() => this.models.datasets.destroy({ where: ofTable(table, this.foldsCase) }));
  }

  /** Reads rows without a model of each, whose making takes longer than the statement. */
  async #read<Row extends CatalogSummary>(options: FindOptions<DatasetAttributes>): Promise<Row[]> {
    const rows = (await this.models.datasets.findAll({ ...options, raw: true })) as unknown as Row[];
    return rows.map((row) => ({ ...row, createdAt: toDate(row.createdAt) }));
  }

  /** Returns the number of entries that one statement may return, which follows from the largest of them. */
  async #pageSize(): Promise<number> {
    const largest = fn('MAX', literal('LENGTH(schema_json) + LENGTH(metadata)'));
    const [row] = (await this.models.datasets.findAll({
      attributes: [[largest, 'largest']],
      raw: true,
    })) as unknown as [{ largest: number | string | null }];
    const characters = Math.max(1, Number(row.largest));
    return Math.min(MOST_ROWS, Math.max(1, Math.floor(PAGE_TEXT / characters)));
  }
}

function toEntry(row: DatasetAttributes): CatalogEntry {
  return {
    ...row,
    schema: JSON.parse(row.schema) as Record<string, string>,
    metadata: JSON.parse(row.metadata) as JsonObject,
  };
}
