/**
 * Measures how polluted files are read: as `init` reads them, with the default options, and with `on_bad_lines: warn` beside
 * DuckDB. Prints the files that are silently wrong, and the outcomes by kind.
 *
 * Usage: node tools/measure/polluted.ts [folder] [all|part of a name] [every so-many-th file of one changed row] [no-duckdb]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { pollute } from './pollute.ts';
import type { Polluted } from './write.ts';
import { outcomeOf, readDeclared, readDetected, type Outcome, type Reading } from './read.ts';
import { CLEAN_TABLES } from './tables.ts';

/** The types of the columns that are not text, by table. */
const TYPES: Readonly<Record<string, (string | undefined)[]>> = {
  sales: ['DATE', 'TIME', 'INT', undefined, 'DOUBLE'],
  patients: ['INT', undefined, 'INT', 'DOUBLE', 'INT', 'BOOLEAN', undefined, 'DATE'],
  answers: [],
};

type Counts = Record<string, Record<Outcome, number>>;

const folder = process.argv[2] ?? '/tmp/measure-polluted';
const only = process.argv[3] === 'all' ? undefined : process.argv[3];
/** Of the files with one changed row, every so-many-th is measured. */
const step = Number(process.argv[4] ?? 1);
const withDuck = process.argv[5] !== 'no-duckdb';
let changedRows = 0;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const instance = await DuckDBInstance.create();
const connection = await instance.connect();
const modes: Record<string, Counts> = { init: {}, strict: {} };
const kept = {
  files: 0,
  clean: 0,
  ours: 0,
  oursWrong: 0,
  duck: 0,
  duckWrong: 0,
  duckDefault: 0,
  duckDefaultWrong: 0,
  duckFailed: 0,
  oursFailed: 0,
};
const worse: string[] = [];

process.on('SIGTERM', () => {
  print();
  process.exit(1);
});

for (const [index, table] of CLEAN_TABLES.entries()) {
  for (const file of pollute(table, CLEAN_TABLES[(index + 1) % CLEAN_TABLES.length]!)) {
    if (only && !file.name.includes(only)) continue;
    if (file.touched !== undefined && changedRows++ % step > 0) continue;
    const path = join(folder, 'file.csv');
    writeFileSync(path, file.bytes);
    const detected = await readDetected(path);
    note('init', file, detected, outcomeOf(detected, file.header, file.rows));
    const types = TYPES[table.name]!;
    const strict = await readDeclared(path, table.header, types, 'error');
    note('strict', file, strict, outcomeOf(strict, file.header, file.rows, false));
    if (file.isDefault && withDuck) await compare(path, file, table.header, types);
  }
}
print();

function note(mode: string, file: Polluted, reading: Reading, outcome: Outcome): void {
  const counts = (modes[mode]![file.kind] ??= { equal: 0, told: 0, silent: 0, 'equal-error': 0 });
  counts[outcome]++;
  if (outcome === 'silent')
    console.log(
      `silent ${mode} ${file.name} ${JSON.stringify(reading.options ?? {})} ${reading.rows.length}x${reading.header.length} of ${file.rows.length}x${file.header.length}`,
    );
}

async function compare(
  path: string,
  file: Polluted,
  header: readonly string[],
  types: readonly (string | undefined)[],
): Promise<void> {
  kept.files++;
  kept.clean += file.rows.length;
  const wanted = new Set(file.rows.map((row) => JSON.stringify(row.map((cell) => cell.trim()))));
  const count = (rows: readonly string[][]) => {
    const right = rows.filter((row) => wanted.has(JSON.stringify(row.map((cell) => cell.trim())))).length;
    return [right, rows.length - right] as const;
  };
  const ours = await readDeclared(path, header, types, 'warn');
  const [right, wrong] = count(ours.errors.includes('missing-column') ? [] : ours.rows);
  if (right === 0) kept.oursFailed++;
  kept.ours += right;
  kept.oursWrong += wrong;
  const best = await duck(path, '');
  if (best.length === 0) kept.duckFailed++;
  const [duckRight, duckWrong] = count(best);
  kept.duck += duckRight;
  kept.duckWrong += duckWrong;
  const [plainRight, plainWrong] = count(await duck(path, ", delim=',', quote='\"', escape='\"', header=true"));
  kept.duckDefault += plainRight;
  kept.duckDefaultWrong += plainWrong;
  const most = Math.max(duckRight, plainRight);
  if (right < most || wrong > 1)
    worse.push(
      `${file.name}: ours ${right}+${wrong}, detecting ${duckRight}+${duckWrong}, default ${plainRight}+${plainWrong} [${[...new Set(ours.errors)].join(' ')}]`,
    );
}

async function duck(path: string, options: string): Promise<string[][]> {
  try {
    const sql = `select * from read_csv('${path.replaceAll("'", "''")}', all_varchar=true, ignore_errors=true${options})`;
    const result = await connection.runAndReadAll(sql);
    return result.getRows().map((row) => row.map((value) => (value === null ? '' : String(value))));
  } catch {
    return [];
  }
}

function print(): void {
  for (const [mode, counts] of Object.entries(modes)) {
    const sum = { equal: 0, told: 0, silent: 0, 'equal-error': 0 };
    for (const [kind, one] of Object.entries(counts)) {
      for (const outcome of Object.keys(sum) as Outcome[]) sum[outcome] += one[outcome];
      console.log(mode.padEnd(7), kind.padEnd(22), JSON.stringify(one));
    }
    console.log(mode.padEnd(7), 'ALL'.padEnd(22), JSON.stringify(sum));
  }
  console.log(kept);
  console.log(`--- worse with on_bad_lines: warn (${worse.length})`);
  console.log(worse.join('\n'));
}
