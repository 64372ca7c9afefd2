import {
  col,
  DataTypes,
  fn,
  where,
  type Model,
  type WhereOptions,
  type ModelAttributeColumnOptions,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';
import { LEDGER_TABLES, tableKey } from '../tables/names.js';
import type { CatalogEntry, RegistrationCall, RunRow, ShardRow } from '../types.js';

/** The order of `seq` is that of the runs' beginnings, whatever the clocks of their hosts say. */
export type RunAttributes = RunRow & { seq?: number; checksums?: string | null; labels?: string | null };
export interface CallAttributes {
  runId: string;
  call: RegistrationCall;
}
export type DatasetAttributes = Omit<CatalogEntry, 'schema' | 'metadata'> & { schema: string; metadata: string };
export type ShardAttributes = Omit<ShardRow, 'part' | 'checksums'> & {
  runId: string;
  part: string | null;
  checksums: string | null;
};
/** Who took a lock last: that of the table, or of a shard. */
export interface LockAttributes {
  table: string;
  /** `WHOLE_TABLE` for the table's. */
  shard: number;
  runId: string;
  host: string;
  pid: number;
  since: Date;
  /** See `LockMeans.instance`. */
  instance: string;
}

/** The one row that says which database this is. */
export interface IdentityAttributes {
  id: number;
  identity: string;
}

export const WHOLE_TABLE = -1;

export interface Models {
  runs: ModelStatic<Model<RunAttributes>>;
  calls: ModelStatic<Model<CallAttributes>>;
  shards: ModelStatic<Model<ShardAttributes>>;
  datasets: ModelStatic<Model<DatasetAttributes>>;
  locks: ModelStatic<Model<LockAttributes>>;
  identity: ModelStatic<Model<IdentityAttributes>>;
}

/** The rows of a table, in whatever case an earlier version has written its name where case makes no difference. */
export function ofTable(table: string, foldsCase: boolean): WhereOptions<{ table: string }> {
  return foldsCase ? where(fn('LOWER', col('table_name')), tableKey(table, true)) : { table };
}

/** Creates the ledger's and the catalog's tables where they are missing; several processes may do so at once. */
export async function createModels(sequelize: Sequelize): Promise<Models> {
  const models = defineModels(sequelize);
  const { batches, locks } = models;
  for (const model of [models.runs, batches, models.calls, models.shards, models.datasets, models.identity]) {
    await model.sync();
    await addMissingColumns(model);
  }
  await locks.sync();
  // What it says of processes of an earlier version is of no use any more, and a key cannot be added to.
  if ((await missingColumns(locks)).length > 0) await locks.sync({ force: true });
  return models;
}

/**
 * The tables as they are, of which nothing is changed: `missing` where there are none, `outdated` where `createModels` would
 * add to them.
 */
export async function findModels(sequelize: Sequelize): Promise<Models | 'missing' | 'outdated'> {
  const models = defineModels(sequelize);
  const tables = sequelize.getQueryInterface();
  const { runs, batches, calls, shards, datasets, locks } = models;
  const all: ModelStatic<Model>[] = [runs, batches, calls, shards, datasets, locks];
  const there: ModelStatic<Model>[] = [];
  for (const model of all) if (await tables.tableExists(model.tableName)) there.push(model);
  if (there.length === 0) return 'missing';
  if (there.length < all.length) return 'outdated';
  for (const model of all) if ((await missingColumns(model)).length > 0) return 'outdated';
  return models;
}

function defineModels(sequelize: Sequelize): Models & { batches: ModelStatic<Model> } {
  const onMysql = sequelize.getDialect() === 'mysql';
  // A definition each: Sequelize writes the column's name into it.
  const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
  const table = { ...text(64), field: 'table_name' };
  const time = () => ({ type: DataTypes.DATE(3), allowNull: false });
  const number = () => ({ type: DataTypes.BIGINT, allowNull: false, defaultValue: 0 });
  const json = () => ({ type: onMysql ? DataTypes.TEXT('long') : DataTypes.TEXT, allowNull: false });
  const key = { primaryKey: true };

  const runs = sequelize.define<Model<RunAttributes>>(LEDGER_TABLES.runs, {
    seq: { type: DataTypes.INTEGER, autoIncrement: true, ...key },
    runId: { ...text(64), unique: true },
    table: { ...table },
    task: text(100),
    intent: text(10),
    state: text(20),
    configHash: text(64),
    sourceFingerprint: text(255),
    sidecarState: { ...text(64), defaultValue: '' },
    batchSize: { type: DataTypes.INTEGER, allowNull: false },
    shards: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
    host: text(255),
    pid: { type: DataTypes.INTEGER, allowNull: false },
    startedAt: time(),
    updatedAt: time(),
    staged: number(),
    sent: number(),
    registry: { ...text(255), defaultValue: '' },
    checksums: { ...json(), allowNull: true },
    labels: { ...json(), allowNull: true },
    verified: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
  });
  // Written beside the rows that it counts, by the staging ends; hence no model in `Models`.
  const batches = sequelize.define(LEDGER_TABLES.batches, {
    runId: { ...text(64), ...key },
    firstOrdinal: { type: DataTypes.BIGINT, ...key },
    shard: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    records: { type: DataTypes.INTEGER, allowNull: false },
  });
  const calls = sequelize.define<Model<CallAttributes>>(LEDGER_TABLES.calls, {
    runId: { ...text(64), ...key },
    call: { ...text(40), ...key },
  });
  const shards = sequelize.define<Model<ShardAttributes>>(LEDGER_TABLES.shards, {
    runId: { ...text(64), ...key },
    shard: { type: DataTypes.INTEGER, ...key },
    state: text(20),
    host: text(255),
    pid: { type: DataTypes.INTEGER, allowNull: false },
    updatedAt: time(),
    records: number(),
    skipped: number(),
    total: number(),
    part: { ...json(), allowNull: true },
    checksums: { ...json(), allowNull: true },
  });
  const datasets = sequelize.define<Model<DatasetAttributes>>(LEDGER_TABLES.datasets, {
    table: { ...table, ...key },
    title: text(255),
    task: text(100),
    intent: text(10),
    dataFormat: text(20),
    runId: text(64),
    records: number(),
    schema: { ...json(), field: 'schema_json' },
    metadata: json(),
    registeredWith: text(255),
    createdAt: time(),
  });
  const locks = sequelize.define<Model<LockAttributes>>(LEDGER_TABLES.locks, {
    table: { ...table, ...key },
    shard: { type: DataTypes.INTEGER, ...key },
    runId: text(64),
    host: text(255),
    pid: { type: DataTypes.INTEGER, allowNull: false },
    since: time(),
    instance: text(36),
  });
  const identity = sequelize.define<Model<IdentityAttributes>>(LEDGER_TABLES.identity, {
    id: { type: DataTypes.INTEGER, ...key },
    identity: text(36),
  });
  return { runs, batches, calls, shards, datasets, locks, identity };
}

/** Brings a table of an earlier version up to date; the columns' defaults say what its rows were. */
async function addMissingColumns(model: ModelStatic<Model>): Promise<void> {
  const tables = model.sequelize!.getQueryInterface();
  for (const column of await missingColumns(model)) {
    try {
      await tables.addColumn(model.tableName, column.field!, column);
    } catch (error) {
      // Another process may have added it meanwhile.
      if ((await missingColumns(model)).some(({ field }) => field === column.field)) throw error;
    }
  }
}

async function missingColumns(model: ModelStatic<Model>): Promise<ModelAttributeColumnOptions[]> {
  const there = await model.sequelize!.getQueryInterface().describeTable(model.tableName);
  return Object.values(model.getAttributes()).filter(({ field }) => !(field! in there));
}

/** What every Sequelize of this package is made with. */
export const SEQUELIZE_OPTIONS = {
  logging: false,
  timezone: '+00:00',
  // Of SQLite: see `openFile`.
  foreignKeys: false,
  define: {
    freezeTableName: true,
    timestamps: false,
    underscored: true,
    charset: 'utf8mb4',
    collate: 'utf8mb4_bin',
    engine: 'InnoDB',
    // Whatever the server's default: keys of more than 767 bytes need it.
    rowFormat: 'DYNAMIC',
  },
} as const;
