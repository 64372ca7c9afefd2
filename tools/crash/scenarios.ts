import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../random.ts';

const PLUGINS = fileURLToPath(new URL('../../plugins', import.meta.url));
const RECORDS = 1000;
/** So many that four shards read their rows back while they load, and guard them until the last is done. */
const RECORDS_OF_SHARDS = 101_000;
const TEXTS = 3000;

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
    { name: 'texts', ...makeTexts(folder), batchSize: 500, shards: 1, onServer: false },
    { name: '4 shards on MariaDB', ...rows, config: large, batchSize: 2500, shards: 4, onServer: true },
  ];
}

/** Makes so many small texts that a second thread writes some of them. */
function makeTexts(folder: string): { config: string; older: string } {
  const make = (name: string, seed: number): string => {
    const random = seededRandom(seed);
    const base = join(folder, name);
    mkdirSync(join(base, 'texts'), { recursive: true });
    const names = Array.from({ length: TEXTS }, (_, index) => `${name}-${index}`);
    for (const text of names) {
      writeFileSync(join(base, 'texts', `${text}.txt`), `Some words, ${random()}. `.repeat(Math.ceil(random() * 200)));
    }
    writeFileSync(join(base, 'labels.csv'), `filename,label\n${names.map((text, i) => `${text},${i % 3}\n`).join('')}`);
    const fields = {
      category: 'text_classification',
      table: TABLE,
      intent: 'train',
      csv: 'labels.csv',
      label: 'label',
    };
    const config = join(base, 'ingest.yaml');
    writeFileSync(config, JSON.stringify({ apiVersion: 'tracebloc.io/v1', kind: 'IngestConfig', ...fields }));
    return config;
  };
  return { config: make('texts-newer', 3), older: make('texts-older', 4) };
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
