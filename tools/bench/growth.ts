/**
 * `npm run bench -- growth` measures ingests of large datasets into MariaDB, for docs/performance.md: seconds, records a second,
 * peak memory, and the disk that table and files take. Each part removes its files at its end.
 * - `rows`: 10 million rows with 12 columns
 * - `columns`: 10,000 rows with 3,000 columns: `validate` with all in the schema, and an ingest that keeps 900, since a table of
 *   InnoDB has at most 1,017
 * - `images`: 200,000 JPEGs of 64x64    - `texts`: 200,000 texts
 * - `classes`: 1 million rows, each with another label    - `json`: a JSON array of 2 GB
 * - `resume`: the rows again, killed at 90 %: seconds until the first new row
 *
 * Flags: --only <rows,columns,images,texts,classes,json,resume>  --scale <1; 0.01 takes a hundredth of everything>
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { wideNames, writeClasses, writeJsonArray, writeSmallImages, writeWide } from './files/growth-files.ts';
import { makeTable, SCHEMA } from './files/tables.ts';
import { makeTexts } from './files/texts.ts';
import { measureProcess, round, type Measurement } from './measure.ts';
import { measureResume } from './resume.ts';
import { bin, describe, environment, folder, ingestCommand, log, measureIngest, writeConfig } from './support.ts';

const base = join(folder, 'growth');
const storage = join(base, 'storage');
const TABLE = 'growth';
const TABULAR = { category: 'tabular_classification', table: TABLE };

type Measure = (server: MariaDb, scaled: (count: number) => number) => Promise<object>;

const PARTS: Readonly<Record<string, Measure>> = {
  rows: async (server, scaled) => {
    const rows = scaled(10_000_000);
    return ingest(server, rows, { ...TABULAR, csv: await makeTable('plain', rows, base), schema: SCHEMA });
  },
  columns: async (server, scaled) => {
    const rows = scaled(10_000);
    const csv = join(base, 'wide.csv');
    await writeWide(csv, rows, 3000);
    const names = wideNames(3000);
    const schemaOf = (kept: readonly string[]) => Object.fromEntries(kept.map((name) => [name, 'DOUBLE']));
    const config = writeConfig(base, { ...TABULAR, csv, schema: schemaOf(names) });
    const validation = await measureProcess(bin, ['validate', '--config', config], environment({ storage }));
    log(`validate ${describe(validation)}`);
    const ingested = await ingest(server, rows, { ...TABULAR, csv, schema: schemaOf(names.slice(0, 900)) });
    return { validate: figures(validation, rows), ...ingested };
  },
  images: async (server, scaled) => {
    const count = scaled(200_000);
    await writeSmallImages(base, count);
    const task = { category: 'image_classification', target_size: [64, 64] };
    const spec = { file_options: { extension: '.jpg' } };
    return ingest(server, count, { ...task, table: TABLE, csv: 'labels.csv', spec });
  },
  texts: async (server, scaled) => {
    const count = scaled(200_000);
    makeTexts(count, base);
    return ingest(server, count, { category: 'text_classification', table: TABLE, csv: 'labels.csv' });
  },
  classes: async (server, scaled) => {
    const rows = scaled(1_000_000);
    const csv = join(base, 'classes.csv');
    await writeClasses(csv, rows);
    return ingest(server, rows, { ...TABULAR, csv, schema: SCHEMA });
  },
  json: async (server, scaled) => {
    const rows = scaled(11_400_000);
    const json = join(base, 'array.json');
    await writeJsonArray(json, rows);
    return ingest(server, rows, { ...TABULAR, json, schema: SCHEMA });
  },
  resume: async (server, scaled) => {
    const rows = scaled(10_000_000);
    // The ledger exists after a first ingest.
    await ingest(server, 1000, { ...TABULAR, csv: await makeTable('plain', 1000, base), schema: SCHEMA });
    const config = writeConfig(base, {
      ...TABULAR,
      table: 'resumed',
      csv: await makeTable('plain', rows, base),
      schema: SCHEMA,
    });
    return measureResume(server, 'resumed', rows, ingestCommand(config, { storage, server }));
  },
};

export async function run(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: Object.keys(PARTS).join(',') },
      scale: { type: 'string', default: '1' },
    },
  });
  const scale = Number(values.scale);
  const result: Record<string, object> = {};
  for (const name of values.only.split(',')) {
    const part = PARTS[name];
    if (!part) throw new Error(`--only ${name}: the parts are ${Object.keys(PARTS).join(', ')}`);
    rmSync(base, { recursive: true, force: true });
    mkdirSync(storage, { recursive: true });
    const server = await startMariaDb({ localInfile: true, bufferPool: '128M', onDisk: true });
    try {
      log(`${name} …`);
      result[name] = await part(server, (count) => Math.round(count * scale));
      // Whoever stops the benchmark keeps what it has measured.
      log(`${name} ${JSON.stringify(result[name])}`);
    } finally {
      await server.stop();
      rmSync(base, { recursive: true });
    }
  }
  return result;
}

async function ingest(server: MariaDb, records: number, fields: Parameters<typeof measureIngest>[1]): Promise<object> {
  const measured = await measureIngest(base, fields, { storage, server });
  log(`ingest ${describe(measured)}`);
  const [space] = await server.sql(
    'SELECT FILE_SIZE AS bytes FROM information_schema.INNODB_SYS_TABLESPACES ' +
      `WHERE NAME = 'training_test_datasets/${fields.table}'`,
  );
  // Of all files, and of what the file system takes for them.
  const kilobytes = Number(execFileSync('du', ['-sk', storage], { encoding: 'utf8' }).split('\t')[0]);
  return {
    ...figures(measured, records),
    table_mb: round(Number(space!.bytes) / 1e6, 0),
    files_mb: round(kilobytes * 1.024e-3, 0),
  };
}

function figures(measured: Measurement, records: number): object {
  return {
    records,
    seconds: round(measured.seconds),
    processor_s: round(measured.processorSeconds),
    records_per_s: round(records / measured.seconds, 0),
    rss_mb: round(measured.rssMb, 0),
  };
}
