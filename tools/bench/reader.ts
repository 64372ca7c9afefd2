/**
 * `npm run bench -- reader` reads plain, quoted, mixed, multi-line and gzipped CSV, JSON lines and Parquet with our reader and with others, each
 * in its own process, and prints megabytes a second and the ratio to ours. It fails if two readers do not read the same.
 * DuckDB, which is not JavaScript, is the far anchor; it reads with one thread.
 *
 * Flags: --megabytes <size of each file, 100>  --rounds <3>  --kinds <plain,quoted,…>  --readers <ours,udsv,…>
 */
import { statSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { round } from './measure.ts';
import { KINDS, makeFile, type Kind } from './reader-files.ts';
import type { Count } from './reader-run.ts';

const CSV_READERS = ['ours', 'fast-csv', 'csv-parse', 'papaparse', 'udsv', 'duckdb'];
/** No package of the others reads JSON lines; readline with JSON.parse is what one writes without a package. */
const JSON_READERS = ['ours', 'readline', 'duckdb'];

/** The others do not read these formats by themselves. */
const PACKED_READERS = ['ours', 'duckdb'];

function readersOf(kind: Kind): readonly string[] {
  if (kind === 'json-lines') return JSON_READERS;
  return kind === 'gzip' || kind === 'parquet' ? PACKED_READERS : CSV_READERS;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Reading extends Count {
  seconds: number;
  cpuSeconds: number;
  rssMb: number;
}

export async function run(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '100' },
      rounds: { type: 'string', default: '3' },
      kinds: { type: 'string', default: KINDS.join(',') },
      readers: { type: 'string', default: [...new Set([...CSV_READERS, ...JSON_READERS])].join(',') },
    },
  });
  const wanted = values.readers.split(',');
  const results: Record<string, object> = {};
  for (const kind of values.kinds.split(',') as Kind[]) {
    const path = await makeFile(join(root, '.bench', 'reader'), kind, Number(values.megabytes));
    const readers = readersOf(kind).filter((name) => wanted.includes(name));
    const best = await readWithAll(path, readers, Number(values.rounds));
    confirmSame(kind, best);
    results[kind] = Object.fromEntries(tableOf(kind, best, statSync(path).size / 1e6));
  }
  return results;
}

/** Runs the readers in turn, so that a change of the machine's load touches all of them. Returns the best of each. */
async function readWithAll(path: string, readers: readonly string[], rounds: number): Promise<Map<string, Reading>> {
  const best = new Map<string, Reading>();
  for (let index = 0; index < rounds; index++) {
    for (const reader of readers) {
      const reading = await readWith(reader, path);
      const before = best.get(reader);
      if (!before || reading.cpuSeconds < before.cpuSeconds) best.set(reader, reading);
    }
  }
  return best;
}

async function readWith(reader: string, path: string): Promise<Reading> {
  const script = join(root, 'tools/bench/reader-run.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, reader, path]);
  return JSON.parse(stdout) as Reading;
}

function confirmSame(kind: Kind, readings: ReadonlyMap<string, Reading>): void {
  const counts = [...readings].map(([reader, { rows, cells, units }]) => ({
    reader,
    // DuckDB writes other digits of numbers than the shortest ones.
    count: kind === 'parquet' ? `${rows} ${cells}` : `${rows} ${cells} ${units}`,
  }));
  const other = counts.find(({ count }) => count !== counts[0]!.count);
  if (!other) return;
  throw new Error(`${kind}: ${counts[0]!.reader} read ${counts[0]!.count}, but ${other.reader} read ${other.count}`);
}

/**
 * Prints a line for each reader, and returns the same as entries. Processor time decides, because other processes on the
 * machine prolong the wall time.
 */
function tableOf(kind: Kind, readings: ReadonlyMap<string, Reading>, megabytes: number) {
  const [first] = readings.values();
  process.stderr.write(`\n${kind.padEnd(12)} MB/s of processor   MB/s of wall   ratio to ours   peak MB\n`);
  return [...readings].map(([reader, { seconds, cpuSeconds, rssMb }]) => {
    const line = {
      mb_per_cpu_s: round(megabytes / cpuSeconds, 0),
      mb_per_s: round(megabytes / seconds, 0),
      ratio: round(first!.cpuSeconds / cpuSeconds),
      rss_mb: round(rssMb, 0),
    };
    const cells = [line.mb_per_cpu_s, line.mb_per_s, line.ratio, line.rss_mb].map((value) =>
      String(value).padStart(14),
    );
    process.stderr.write(`${reader.padEnd(12)}${cells.join('  ')}\n`);
    return [reader, line] as const;
  });
}
