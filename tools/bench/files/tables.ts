import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { folder, log } from '../support.ts';
import { seededRandom } from '../../random.ts';

export const FEATURES = Array.from({ length: 10 }, (_, index) => `f${index}`);
/** The schema of the features in an `ingest.yaml`. */
export const SCHEMA = Object.fromEntries(FEATURES.map((name) => [name, 'DOUBLE']));

export const KINDS = ['plain', 'quoted', 'parquet', 'json'] as const;
export type Kind = (typeof KINDS)[number];

const NAMES: Readonly<Record<Kind, (rows: number) => string>> = {
  plain: (rows) => `tabular-${rows}.csv`,
  quoted: (rows) => `tabular-quoted-${rows}.csv`,
  parquet: (rows) => `tabular-${rows}.parquet`,
  json: (rows) => `tabular-${rows}.jsonl`,
};

/** The key of an `ingest.yaml` that names the file. */
export const CONFIG_KEYS: Readonly<Record<Kind, string>> = {
  plain: 'csv',
  quoted: 'csv',
  parquet: 'parquet',
  json: 'json',
};

/**
 * Writes rows of an id, ten floats with six digits after the point, and a label, unless the file exists, and returns its path.
 * The rows are always the same. In JSON and Parquet, the id and the floats are numbers.
 */
export async function makeTable(kind: Kind, rows: number, base = folder): Promise<string> {
  const path = join(base, NAMES[kind](rows));
  if (existsSync(path)) return path;
  mkdirSync(base, { recursive: true });
  log(`Making ${path} …`);
  // A file with its last name is complete.
  const part = `${path}.part`;
  if (kind === 'parquet') await writeParquet(await makeTable('plain', rows, base), part);
  else await writeRows(kind, rows, part);
  renameSync(part, path);
  return path;
}

type Random = () => number;

const WRITERS: Readonly<Record<Exclude<Kind, 'parquet'>, (cells: readonly string[]) => string>> = {
  plain: (cells) => cells.join(','),
  quoted: (cells) => `"${cells.join('","')}"`,
  json: ([id, ...cells]) => {
    const features = FEATURES.map((name, index) => `"${name}":${Number(cells[index])}`);
    return `{"id":${id},${features.join(',')},"label":"${cells.at(-1)}"}`;
  },
};

function makeCells(row: number, random: Random): string[] {
  const features = FEATURES.map(() => ((random() * 2 - 1) * 1000).toFixed(6));
  return [String(row), ...features, random() > 0.5 ? 'yes' : 'no'];
}

async function writeRows(kind: Exclude<Kind, 'parquet'>, rows: number, path: string): Promise<void> {
  const random = seededRandom(42);
  await writeLines(path, function* () {
    if (kind !== 'json') yield WRITERS[kind](['id', ...FEATURES, 'label']);
    for (let row = 0; row < rows; row++) yield WRITERS[kind](makeCells(row, random));
  });
}

/** Writes lines without holding them all. */
export async function writeLines(path: string, lines: () => Iterable<string>): Promise<void> {
  const stream = createWriteStream(path);
  let text = '';
  for (const line of lines()) {
    text += `${line}\n`;
    if (text.length < 1 << 17) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await once(stream, 'finish');
}

async function writeParquet(csv: string, path: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (FROM read_csv('${csv}')) TO '${path}' (format parquet)`);
  connection.closeSync();
}
