/**
 * A template: copy it, edit the marked parts, and run it with `node template.ts` (Node 22.18 or newer runs TypeScript).
 * The environment names the volume, the database and the backend, as for the command line.
 */
import { ingest, IngestorError } from '@tracebloc/ingestor';

try {
  const result = await ingest({
    // Edit: the fields of an ingest.yaml. Relative paths start at `cwd`.
    config: {
      category: 'tabular_classification',
      table: 'customers_train',
      intent: 'train',
      csv: 'customers.csv',
      label: 'churned',
      schema: { age: 'INT', plan: 'VARCHAR(32)', monthly: 'FLOAT' },
    },
    cwd: import.meta.dirname,
    observer: {
      progress: ({ phase, records }) => console.error(`${phase}: ${records} records`),
      debug: () => undefined,
      info: (message) => console.error(message),
      warn: (message) => console.error(message),
    },
  });
  console.log(`${result.table}: ${result.outcome}, ${result.inserted} records in ${result.database}`);
  for (const { severity, code, row, column, message, fix } of result.validation?.findings ?? []) {
    console.log(`${severity} ${code} row ${row ?? '-'} ${column ?? ''}: ${message} ${fix}`);
  }
  process.exitCode = result.outcome === 'invalid' ? 3 : 0;
} catch (error) {
  if (!(error instanceof IngestorError)) throw error;
  console.error([error.message, ...error.fix].join('\n'));
  process.exitCode = error.exitCode;
}
