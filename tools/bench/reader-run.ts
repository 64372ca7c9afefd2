/**
 * Reads a file once with one reader, in its own process, and prints what it read and in how many seconds as JSON. All
 * readers read in streams and return the rows as arrays of texts.
 *
 * Usage: node tools/bench/reader-run.ts <reader> <file>
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { peakRss } from './measure.ts';

/** What a reader read, to prove that all of them read the same. */
export interface Count {
  rows: number;
  cells: number;
  /** UTF-16 code units in all cells. */
  units: number;
}

const count: Count = { rows: 0, cells: 0, units: 0 };

function add(row: readonly string[]): void {
  count.rows++;
  count.cells += row.length;
  for (const cell of row) count.units += cell.length;
}

type Read = (path: string) => Promise<void>;

/** Each entry loads its package before the time starts. */
const readers: Readonly<Record<string, () => Promise<Read>>> = {
  ours: async () => {
    const { createReport, openReader } = await import('@tracebloc/ingestor-dataset');
    const { CSV_DEFAULTS } = await import('@tracebloc/ingestor-core');
    const { default: parquetPlugin } = await import('@tracebloc/ingestor-plugin-parquet');
    const [table] = (await parquetPlugin()).tables ?? [];
    return async (path) => {
      const format = path.endsWith('.jsonl') ? 'json' : path.endsWith('.parquet') ? 'parquet' : 'csv';
      const plugin = format === 'parquet' && { table };
      const reader = openReader({ format, ...plugin, path, file: path, csv: CSV_DEFAULTS, missing: 'tokens' });
      const report = createReport();
      const manifest = await reader.open(report, new AbortController().signal);
      for await (const { rows } of manifest!.batches) rows.forEach(add);
      if (report.errors > 0) throw new Error(JSON.stringify(report.findings()[0]));
    };
  },
  'fast-csv': async () => {
    const { parseStream } = await import('fast-csv');
    return (path) =>
      new Promise((resolve, reject) => {
        parseStream(createReadStream(path), { headers: false })
          .on('data', withoutHeader())
          .on('end', resolve)
          .on('error', reject);
      });
  },
  'csv-parse': async () => {
    const { parse } = await import('csv-parse');
    return (path) =>
      new Promise((resolve, reject) => {
        createReadStream(path).pipe(parse()).on('data', withoutHeader()).on('end', resolve).on('error', reject);
      });
  },
  papaparse: async () => {
    const { default: papa } = await import('papaparse');
    return (path) => {
      const take = withoutHeader();
      return new Promise((resolve, reject) => {
        papa.parse<string[]>(createReadStream(path, 'utf8'), {
          chunk: ({ data }) => data.forEach(take),
          complete: () => resolve(),
          error: reject,
          skipEmptyLines: true,
        });
      });
    };
  },
  udsv: async () => {
    const { inferSchema, initParser } = await import('udsv');
    return async (path) => {
      let parser: ReturnType<typeof initParser> | undefined;
      for await (const text of createReadStream(path, 'utf8') as AsyncIterable<string>) {
        parser ??= initParser(inferSchema(text));
        parser.chunk<string[]>(text, parser.stringArrs, (row) => add(row));
      }
      parser?.end();
    };
  },
  readline: async () => async (path) => {
    for await (const line of createInterface(createReadStream(path))) {
      add(Object.values(JSON.parse(line) as Record<string, string>));
    }
  },
  duckdb: async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    return async (path) => {
      const source = path.endsWith('.jsonl')
        ? `read_json('${path}', format = 'newline_delimited')`
        : path.endsWith('.parquet')
          ? `read_parquet('${path}')`
          : `read_csv('${path}', all_varchar = true, header = true, null_padding = false)`;
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
      const names = described.getRows().map(([name]) => String(name));
      const units = names.map((name) => `coalesce(length("${name}"::VARCHAR), 0)`).join(' + ');
      const result = await connection.runAndReadAll(`SELECT count(*), sum(${units}) FROM ${source}`);
      const [rows, sum] = result.getRows()[0]!;
      Object.assign(count, { rows: Number(rows), cells: Number(rows) * names.length, units: Number(sum) });
    };
  },
};

function withoutHeader(): (row: string[]) => void {
  let isFirst = true;
  return (row) => {
    if (!isFirst) add(row);
    isFirst = false;
  };
}

const [name = '', path = ''] = process.argv.slice(2);
const load = readers[name];
if (load === undefined) throw new Error(`Usage: reader-run.ts <${Object.keys(readers).join('|')}> <file>`);
const read = await load();
const cpu = process.cpuUsage();
const started = performance.now();
await read(path);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
  JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, rssMb: peakRss(process.pid), ...count }),
);
