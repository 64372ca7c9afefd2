import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../random.ts';

const PLUGINS = fileURLToPath(new URL('../../plugins', import.meta.url));
const RECORDS = 1000;
/** So many that four shards read their rows back while they load, and guard them until the last is done. */
const RECORDS_OF_SHARDS = 101_000;

/** The table of every scenario. */
export const TABLE = 'crash';

/** A dataset to ingest. A run takes one to five seconds. */
export interface Scenario {
  name: string;
  config: string;
  /** The configuration of another dataset with the same columns, which may be ingested before. */
  older: string;
  batchSize: number;
  shards: number;
  /** Whether the rows go to MariaDB; else to SQLite. */
  onServer: boolean;
}

/** Returns all scenarios. Datasets that are not samples are written to the folder. */
export function makeScenarios(folder: string): Scenario[] {
  mkdirSync(folder, { recursive: true });
  const tabular = { config: makeTabular(folder, 'newer', 1, RECORDS), older: makeTabular(folder, 'older', 2, RECORDS) };
  const large = makeTabular(folder, 'large', 3, RECORDS_OF_SHARDS);
  const rows = { ...tabular, batchSize: 100, shards: 1 };
  const files = (sample: string) => ({
    ...{ config: join(PLUGINS, sample, 'train.yaml'), older: join(PLUGINS, sample, 'test.yaml') },
    ...{ batchSize: 3, shards: 1, onServer: true },
  });
  return [
    { name: 'rows on MariaDB', ...rows, onServer: true },
    { name: 'rows on SQLite', ...rows, onServer: false },
    { name: 'images', ...files('image-classification/samples/sky') },
    { name: 'object detection', ...files('object-detection/samples/shapes') },
    { name: '4 shards on MariaDB', ...rows, config: large, batchSize: 2500, shards: 4, onServer: true },
  ];
}

function makeTabular(folder: string, name: string, seed: number, records: number): string {
  const random = seededRandom(seed);
  const row = (_: unknown, index: number) =>
    `${index},${(random() * 100).toFixed(3)},"w, ${Math.floor(random() * 1e6)}",${index % 3}`;
  writeFileSync(join(folder, `${name}.csv`), `n,x,word,kind\n${Array.from({ length: records }, row).join('\n')}\n`);
  const config = join(folder, `${name}.yaml`);
  writeFileSync(
    config,
    `apiVersion: tracebloc.io/v1
kind: IngestConfig
category: tabular_classification
table: ${TABLE}
intent: train
csv: ${name}.csv
label: kind
schema:
  n: INT
  x: DOUBLE
  word: VARCHAR(20)
`,
  );
  return config;
}
