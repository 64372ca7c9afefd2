import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { seededRandom } from '../random.ts';

/** The names of the files that the benchmark of readers reads. */
export const KINDS = ['plain', 'quoted', 'mixed', 'multi-line', 'json-lines', 'gzip', 'parquet'] as const;
export type Kind = (typeof KINDS)[number];

const COLUMNS = ['id', 'city', 'amount', 'rate', 'count', 'day', 'code', 'text', 'score', 'label'];
const CITIES = ['Berlin', 'Kraków', 'New York', 'Paris', 'São Paulo', 'Oslo', 'Windhoek', 'Rome'];
const WORDS = [
  'the',
  'delivery',
  'came',
  'late',
  'again',
  'support',
  'was',
  'kind',
  'would',
  'not',
  'buy',
  'a',
  'second',
];

type Random = () => number;

/** Makes a row as texts. The text column is a sentence; the other columns are numbers, codes, a date and words. */
function makeRow(id: number, random: Random): string[] {
  const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)]!;
  const day = new Date(1_600_000_000_000 + Math.floor(random() * 1e11)).toISOString().slice(0, 10);
  const sentence = Array.from({ length: 4 + Math.floor(random() * 12) }, () => pick(WORDS)).join(' ');
  return [
    String(id),
    pick(CITIES),
    (random() * 1e5).toFixed(2),
    random().toFixed(6),
    random() > 0.1 ? String(Math.floor(random() * 1000)) : '',
    day,
    `K${Math.floor(random() * 1e6)}`,
    sentence,
    ((random() - 0.5) * 1000).toFixed(4),
    random() > 0.5 ? 'yes' : 'no',
  ];
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const TEXT = COLUMNS.indexOf('text');

/** Returns the row with another text, which is quoted. */
function withQuotedText(row: readonly string[], change: (text: string) => string): string {
  return row.map((cell, column) => (column === TEXT ? quoted(change(cell)) : cell)).join(',');
}

const WRITERS: Readonly<Record<Exclude<Kind, 'gzip' | 'parquet'>, (row: readonly string[], random: Random) => string>> =
  {
    plain: (row) => row.join(','),
    quoted: (row) => row.map(quoted).join(','),
    // A fifth of the texts needs quotes, as a writer that quotes only what it must would write them.
    mixed: (row, random) => {
      if (random() < 0.8) return row.join(',');
      return withQuotedText(row, (text) => text.replace(' ', random() < 0.3 ? ', "so to say", ' : ', '));
    },
    'multi-line': (row, random) =>
      withQuotedText(row, (text) =>
        text.replaceAll(' was ', random() < 0.3 ? '\n"was"\n' : '\nwas\n').replace(' a ', ',\na '),
      ),
    'json-lines': (row) => JSON.stringify(Object.fromEntries(row.map((cell, column) => [COLUMNS[column], cell]))),
  };

/** The extensions of the files that are not CSV. */
const EXTENSIONS: Partial<Record<Kind, string>> = { 'json-lines': 'jsonl', gzip: 'csv.gz', parquet: 'parquet' };

/** Packs a CSV with gzip, or writes it as Parquet in which the columns have their types. */
async function convert(csv: string, path: string): Promise<void> {
  process.stderr.write(`Making ${path} …\n`);
  if (path.endsWith('.gz')) {
    await pipeline(createReadStream(csv), createGzip(), createWriteStream(`${path}.part`));
  } else {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(`COPY (FROM read_csv('${csv}')) TO '${path}.part' (format parquet)`);
    connection.closeSync();
  }
  renameSync(`${path}.part`, path);
}

/** Writes a file of about the given size, which is always the same, and returns its path. */
export async function makeFile(folder: string, kind: Kind, megabytes: number): Promise<string> {
  const path = join(folder, `${kind}-${megabytes}.${EXTENSIONS[kind] ?? 'csv'}`);
  if (existsSync(path)) return path;
  if (kind === 'gzip' || kind === 'parquet') {
    await convert(await makeFile(folder, 'plain', megabytes), path);
    return path;
  }
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Making ${path} …\n`);
  const stream = createWriteStream(`${path}.part`);
  const random = seededRandom(42);
  if (kind !== 'json-lines') stream.write(`${COLUMNS.join(',')}\n`);
  let id = 0;
  for (let size = 0; size < megabytes * 1e6;) {
    let text = '';
    for (const end = id + 1000; id < end; id++) text += `${WRITERS[kind](makeRow(id, random), random)}\n`;
    size += Buffer.byteLength(text);
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  renameSync(`${path}.part`, path);
  return path;
}
