import type { RunConfig } from '@tracebloc/ingestor-config';
import type { Database } from '@tracebloc/ingestor-storage';
import type { RunObserver } from '../observer.js';

/** The configuration with the name by which the database knows its table. Tells where that is not what the user wrote. */
export async function withTableName(config: RunConfig, database: Database, observer: RunObserver): Promise<RunConfig> {
  const table = await database.tableName(config.table);
  if (table === config.table) return config;
  observer.warn(
    `The dataset for table ${config.table} goes by the name ${table}: ` +
      'this database server does not tell upper from lower case in names of tables (lower_case_table_names).',
  );
  return { ...config, table };
}
