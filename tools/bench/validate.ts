/**
 * `npm run bench -- validate` measures the processor time of `ingestor validate` with 1 million rows, plain and with quotes
 * around every cell. The baseline is DuckDB's typed read of the same file on one thread. Each runs in a separate process.
 * - `validate_ratio`, `validate_quoted_ratio`: both times contain the start of the process.
 * - `validate_bare_ratio`, `validate_quoted_bare_ratio`: without the time that each takes for a file of 100 rows.
 *
 * Flags: --only <plain,quoted>  --rows <1000000>  --rounds <3>
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTable, SCHEMA } from './files/tables.ts';
import { best, measureProcess, round, type Measurement } from './measure.ts';
import { bin, describe, environment, folder, log, readFlags, root, writeConfig } from './support.ts';

const PREFIXES = { plain: 'validate', quoted: 'validate_quoted' } as const;
type Kind = keyof typeof PREFIXES;

/** Rows of a file that takes only the start of a process. */
const FEW = 100;

export async function run(args: string[]): Promise<object> {
  const { only, rows, rounds } = readFlags(args, Object.keys(PREFIXES), { rows: 1_000_000, rounds: 3 });
  const result: Record<string, number> = {};
  for (const kind of only as Kind[]) {
    const [large, small] = [await makeTable(kind, rows), await makeTable(kind, FEW)];
    const measured = { reads: [], validations: [], readStarts: [], validationStarts: [] } as Record<
      Name,
      Measurement[]
    >;
    for (let index = 0; index < rounds; index++) {
      measured.readStarts.push(await read(small));
      measured.validationStarts.push(await validate(small));
      measured.reads.push(await read(large));
      measured.validations.push(await validate(large));
      const [duckdb, ours] = [measured.reads.at(-1)!, measured.validations.at(-1)!];
      log(`round ${index + 1}: ${kind.padEnd(6)} DuckDB ${describe(duckdb)}; validate ${describe(ours)}`);
    }
    const processor = (name: Name) => best(measured[name]).processorSeconds;
    const validation = best(measured.validations);
    const prefix = PREFIXES[kind];
    const bare = [
      processor('validations') - processor('validationStarts'),
      processor('reads') - processor('readStarts'),
    ];
    result[`${prefix}_ratio`] = round(processor('validations') / processor('reads'));
    result[`${prefix}_bare_ratio`] = round(bare[0]! / bare[1]!);
    result[`${prefix}_processor_s`] = round(processor('validations'));
    result[`${prefix}_duckdb_processor_s`] = round(processor('reads'));
    result[`${prefix}_s`] = round(validation.seconds);
    result[`${prefix}_rss_mb`] = round(validation.rssMb, 0);
  }
  return result;
}

type Name = 'reads' | 'validations' | 'readStarts' | 'validationStarts';

function read(file: string): Promise<Measurement> {
  return measureProcess(process.execPath, [join(root, 'tools/bench/duckdb-read.ts'), file], process.env);
}

async function validate(file: string): Promise<Measurement> {
  const fields = { category: 'tabular_classification', table: 'validate', csv: file, schema: SCHEMA };
  const config = writeConfig(folder, fields);
  const measured = await measureProcess(bin, ['validate', '--config', config], environment({ storage: folder }));
  rmSync(config);
  return measured;
}
