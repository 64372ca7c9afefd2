import {
  col,
  DataTypes,
  fn,
  QueryTypes,
  where,
  type Model,
  type WhereOptions,
  type ModelAttributeColumnOptions,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';
import { LEDGER_TABLES, tableKey } from '../tables/names.js';
import type { CatalogEntry, RegistrationCall, RunRow, ShardRow } from './types.js';

/** `seq` grows with each run that begins, independent of the hosts' clocks. */
export type RunAttributes = RunRow & {
  seq?: number;
  checksums?: string | null;
  labels?: string | null;
  statistics?: string | null;
};
export interface CallAttributes {
  runId: string;
  call: RegistrationCall;
}
export type DatasetAttributes = Omit<CatalogEntry, 'schema' | 'metadata'> & { schema: string; metadata: string };
export type ShardAttributes = Omit<ShardRow, 'state' | 'part' | 'checksums' | 'statistics'> & {
  runId: string;
  /** `told` in a ledger of an earlier version is `stopped`. */
  state: ShardRow['state'] | 'told';
  part: string | null;
  checksums: string | null;
  readBack?: string | null;
  statistics: string | null;
};
/** Names the last holder of a lock of a table or a shard. */
export interface LockAttributes {
  table: string;
  /** `WHOLE_TABLE` for the lock of the table. */
  shard: number;
  runId: string;
  host: string;
  pid: number;
  since: Date;
  /** See `LockMeans.instance`. */
  instance: string;
}

/** The only row of its table. It identifies the database. */
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

/** Selects the rows of a table. If the database ignores case, an earlier version may have written the name in another case. */
export function ofTable(table: string, foldsCase: boolean): WhereOptions<{ table: string }> {
  return foldsCase ? where(fn('LOWER', col('table_name')), tableKey(table, true)) : { table };
}

/** Returns a time of a row that was read without its model. SQLite stores times as text. */
export function toDate(stored: Date | string): Date {
  return typeof stored === 'string' ? new Date(stored) : stored;
}

/** Creates the tables of the ledger and the catalog if they are missing. Several processes may do so at the same time. */
export async function createModels(sequelize: Sequelize): Promise<Models> {
  const models = defineModels(sequelize);
  const { batches, locks } = models;
  const columns = await ledgerColumns(sequelize);
  for (const model of [models.runs, batches, models.calls, models.shards, models.datasets, models.identity]) {
    if (columns.has(model.tableName)) await addMissingColumns(model, columns);
    else await model.sync();
  }
  if (!columns.has(locks.tableName)) await locks.sync();
  // A column cannot be added to the key. The rows of processes of an earlier version are no longer needed.
  else if (missingColumns(locks, columns).length > 0) await locks.sync({ force: true });
  return models;
}

/**
 * Returns the models of the existing tables and changes nothing: `missing` if there are no tables, `outdated` if
 * `createModels` would change them.
 */
export async function findModels(sequelize: Sequelize): Promise<Models | 'missing' | 'outdated'> {
  const models = defineModels(sequelize);
  const columns = await ledgerColumns(sequelize);
  const { runs, batches, calls, shards, datasets, locks } = models;
  const all: ModelStatic<Model>[] = [runs, batches, calls, shards, datasets, locks];
  if (!all.some(({ tableName }) => columns.has(tableName))) return 'missing';
  return all.some((model) => missingColumns(model, columns).length > 0) ? 'outdated' : models;
}

/** The names of the columns of each of the ledger's tables that exists. */
type LedgerColumns = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the columns of all tables by one statement: a description of each table takes several round trips. */
async function ledgerColumns(sequelize: Sequelize): Promise<LedgerColumns> {
  const tables = Object.values(LEDGER_TABLES)
    .map((table) => `'${table}'`)
    .join(', ');
  const sql =
    sequelize.getDialect() === 'mysql'
      ? 'SELECT TABLE_NAME AS tableName, COLUMN_NAME AS columnName FROM INFORMATION_SCHEMA.COLUMNS ' +
        `WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${tables})`
      : 'SELECT t.name AS tableName, c.name AS columnName FROM sqlite_schema AS t, pragma_table_info(t.name) AS c ' +
        `WHERE t.type = 'table' AND t.name IN (${tables})`;
  const rows = await sequelize.query<{ tableName: string; columnName: string }>(sql, { type: QueryTypes.SELECT });
  const columns = new Map<string, Set<string>>();
  for (const { tableName, columnName } of rows) {
    columns.set(tableName, (columns.get(tableName) ?? new Set()).add(columnName));
  }
  return columns;
}

function defineModels(sequelize: Sequelize): Models & { batches: ModelStatic<Model> } {
  const onMysql = sequelize.getDialect() === 'mysql';
  // Each column needs its own object: Sequelize writes the column's name into it.
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
    statistics: { ...json(), allowNull: true },
    verified: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
  });
  // The staging writes these rows in the transaction of the records, without the model.
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
    readBack: { ...json(), allowNull: true },
    statistics: { ...json(), allowNull: true },
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

/** Adds the columns that an earlier version did not have. Their defaults are right for its rows. */
async function addMissingColumns(model: ModelStatic<Model>, columns: LedgerColumns): Promise<void> {
  const sequelize = model.sequelize!;
  for (const column of missingColumns(model, columns)) {
    try {
      await sequelize.getQueryInterface().addColumn(model.tableName, column.field!, column);
    } catch (error) {
      // Another process may have added the column in the meantime.
      if (!(await ledgerColumns(sequelize)).get(model.tableName)?.has(column.field!)) throw error;
    }
  }
}

function missingColumns(model: ModelStatic<Model>, columns: LedgerColumns): ModelAttributeColumnOptions[] {
  const present = columns.get(model.tableName);
  return Object.values(model.getAttributes()).filter(({ field }) => !present?.has(field!));
}

/** The options of every Sequelize of this package. */
export const SEQUELIZE_OPTIONS = {
  logging: false,
  timezone: '+00:00',
  // See `openFile` of SQLite.
  foreignKeys: false,
  define: {
    freezeTableName: true,
    timestamps: false,
    underscored: true,
    charset: 'utf8mb4',
    collate: 'utf8mb4_bin',
    engine: 'InnoDB',
    // Keys of more than 767 bytes need this, and it is not every server's default.
    rowFormat: 'DYNAMIC',
  },
} as const;
