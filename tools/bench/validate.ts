/**
 * `npm run bench -- validate` measures the processor time of `ingestor validate` with 1 million rows, plain and with quotes
 * around every cell. The baseline is DuckDB's typed read of the same file on one thread. Each runs in a separate process,
 * and both times contain the start of that process.
 *
 * Flags: --only <plain,quoted>  --rows <1000000>  --rounds <3>
 */
import { join } from 'node:path';
import { makeTable, SCHEMA } from './files/tables.ts';
import { best, measureProcess, round, type Measurement } from './measure.ts';
import { bin, describe, environment, folder, log, readFlags, root, writeConfig } from './support.ts';

const PREFIXES = { plain: 'validate', quoted: 'validate_quoted' } as const;
type Kind = keyof typeof PREFIXES;

export async function run(args: string[]): Promise<object> {
  const { only, rows, rounds } = readFlags(args, Object.keys(PREFIXES), { rows: 1_000_000, rounds: 3 });
  const result: Record<string, number> = {};
  for (const kind of only as Kind[]) {
    const file = await makeTable(kind, rows);
    const fields = { category: 'tabular_classification', table: `validate_${kind}`, csv: file, schema: SCHEMA };
    const config = writeConfig(folder, fields);
    const reads: Measurement[] = [];
    const validations: Measurement[] = [];
    for (let index = 0; index < rounds; index++) {
      const read = await measureProcess(
        process.execPath,
        [join(root, 'tools/bench/duckdb-read.ts'), file],
        process.env,
      );
      const validation = await measureProcess(bin, ['validate', '--config', config], environment({ storage: folder }));
      log(`round ${index + 1}: ${kind.padEnd(6)} DuckDB ${describe(read)}; validate ${describe(validation)}`);
      reads.push(read);
      validations.push(validation);
    }
    const [read, validation] = [best(reads), best(validations)];
    const prefix = PREFIXES[kind];
    result[`${prefix}_ratio`] = round(validation.processorSeconds / read.processorSeconds);
    result[`${prefix}_processor_s`] = round(validation.processorSeconds);
    result[`${prefix}_duckdb_processor_s`] = round(read.processorSeconds);
    result[`${prefix}_s`] = round(validation.seconds);
    result[`${prefix}_rss_mb`] = round(validation.rssMb, 0);
  }
  return result;
}
