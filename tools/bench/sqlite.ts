/**
 * `npm run bench -- sqlite` measures a whole ingest of 1 million rows with 12 columns into the embedded database. The baseline
 * is `.import` of the `sqlite3` shell into an identical table, with its unique index, in a new file.
 * - `sqlite_ratio` imports the source's cells: the id is the data_id, and the other fixed columns are constant or empty.
 * - `sqlite_content_ratio` imports what the ingest's table holds, with its longer ids.
 *
 * Flags: --rows <1000000>  --rounds <2>
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findSqliteShell } from './files/sqlite-shell.ts';
import { FEATURES, makeTable, SCHEMA } from './files/tables.ts';
import { best, measureProcess, round, type Measurement } from './measure.ts';
import { describe, folder, log, measureIngest, readFlags, shortNumber } from './support.ts';

const TABLE = 'bench';
const base = join(folder, 'sqlite');
const storage = join(base, 'storage');
const ingested = join(storage, 'training_test_datasets.sqlite');

export async function run(args: string[]): Promise<object> {
  const { rows, rounds } = readFlags(args, [], { rows: 1_000_000, rounds: 2 });
  const shell = findSqliteShell();
  const source = await makeTable('plain', rows);
  rmSync(base, { recursive: true, force: true });
  mkdirSync(storage, { recursive: true });
  try {
    const [cells, content] = [join(base, 'cells.csv'), join(base, 'content.csv')];
    const measured = { cells: [] as Measurement[], content: [] as Measurement[], ingest: [] as Measurement[] };
    for (let index = 0; index < rounds; index++) {
      rmSync(storage, { recursive: true });
      const ingest = await measureIngest(base, fieldsOf(source), { storage });
      if (index === 0) writeSources(shell, cells, content);
      const imports = [await importFile(shell, cells), await importFile(shell, content)] as const;
      log(`round ${index + 1}: .import ${describe(imports[0])}`);
      log(`round ${index + 1}: .import of the content ${describe(imports[1])}`);
      log(`round ${index + 1}: ingest ${describe(ingest)}`);
      measured.cells.push(imports[0]);
      measured.content.push(imports[1]);
      measured.ingest.push(ingest);
    }
    const [bare, same, ingest] = [best(measured.cells), best(measured.content), best(measured.ingest)];
    return {
      sqlite_import_s: round(bare.seconds),
      sqlite_import_content_s: round(same.seconds),
      sqlite_ingest_s: round(ingest.seconds),
      sqlite_ratio: round(ingest.seconds / bare.seconds),
      sqlite_content_ratio: round(ingest.seconds / same.seconds),
      sqlite_processor_s: round(ingest.processorSeconds),
      [`sqlite_rss_${shortNumber(rows)}_mb`]: round(ingest.rssMb, 0),
      sqlite_file_mb: round(statSync(ingested).size / 1e6, 0),
    };
  } finally {
    rmSync(base, { recursive: true });
  }
}

function fieldsOf(csv: string) {
  return { category: 'tabular_classification', table: TABLE, csv, schema: SCHEMA };
}

/** Exports two files whose columns are those of the ingest's table, since `.import` fills all columns in their order. */
function writeSources(shell: string, cells: string, content: string): void {
  const dates = "'2026-01-01 00:00:00' AS created_at, '2026-01-01 00:00:00' AS updated_at";
  const fixed = `id, ${dates}, 0, label, 'train', id - 1, '', '', '', ''`;
  const exports = { [cells]: `SELECT ${fixed}, ${FEATURES.join(', ')}`, [content]: 'SELECT *' };
  for (const [path, select] of Object.entries(exports)) {
    execFileSync(shell, ['-csv', ingested, `.output '${path}'`, `${select} FROM ${TABLE} ORDER BY id`]);
  }
}

/** Imports into an empty copy of the ingest's table, without its trigger, in a new file. */
async function importFile(shell: string, csv: string): Promise<Measurement> {
  const database = join(base, 'import.sqlite');
  const create = execFileSync(shell, [ingested, `SELECT sql FROM sqlite_schema WHERE name = '${TABLE}'`], {
    encoding: 'utf8',
  });
  execFileSync(shell, [database, create]);
  const measured = await measureProcess(shell, [database, `.import --csv '${csv}' ${TABLE}`], process.env);
  const count = `SELECT (SELECT count(*) FROM ${TABLE}) = (SELECT count(*) FROM other.${TABLE})`;
  const isWhole = execFileSync(shell, [database, `ATTACH '${ingested}' AS other`, count], { encoding: 'utf8' });
  if (isWhole.trim() !== '1') throw new Error(`The sqlite3 shell did not import all rows of ${csv}`);
  rmSync(database);
  return measured;
}
