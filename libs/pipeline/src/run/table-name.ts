import type { RunConfig } from '@tracebloc/ingestor-config';
import type { Database } from '@tracebloc/ingestor-storage';
import type { RunObserver } from '../observer.js';

/** Returns the configuration with the table's name as the database knows it. Warns if the user wrote another name. */
export async function withTableName(config: RunConfig, database: Database, observer: RunObserver): Promise<RunConfig> {
  const table = await database.tableName(config.table);
  if (table === config.table) return config;
  observer.warn(
    `The dataset for table ${config.table} gets the name ${table}: ` +
      'this database server does not distinguish upper from lower case in table names (lower_case_table_names).',
  );
  return { ...config, table };
}
