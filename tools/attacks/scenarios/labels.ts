import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world.ts';

export const attack = 'a dataset of 200,000 rows is shown with all of its classes without being read, on MariaDB';

const ROWS = 200_000;

export async function run(world: World): Promise<object> {
  const { env } = await world.mariaDb();
  const figures: Record<string, object> = {};
  for (const [name, classes] of Object.entries({ few: 5, many: 9000, more: 100_000 })) {
    await write(join(world.folder, 'rows.csv'), classes);
    const args = [
      ...['ingest', '--task', 'tabular_classification', '--table', name, '--intent', 'train', '--batch-size', '10000'],
      ...['--label-file', 'rows.csv', '--label', 'label', '--schema', 'a: INT, label: VARCHAR(20)'],
    ];
    const ingested = await world.run(args, { env });
    assert.equal(ingested.code, 0, ingested.stderr);
    const shown = await world.run(['datasets', 'show', name, '--json'], { env });
    const { labels, distinctLabels } = JSON.parse(shown.stdout) as {
      labels: { records: number }[];
      distinctLabels: number;
    };
    assert.deepEqual([distinctLabels, labels.length], [classes, Math.min(classes, 1000)]);
    assert.equal(labels[0]?.records, Math.ceil(ROWS / classes));
    figures[name] = {
      ingest_s: Math.round(ingested.seconds),
      show_s: Number(shown.seconds.toFixed(1)),
      rss_mb: Math.round(ingested.rssMb),
    };
  }
  return figures;
}

async function write(path: string, classes: number): Promise<void> {
  const csv = createWriteStream(path);
  csv.write('a,label\n');
  for (let row = 0; row < ROWS; row++) {
    if (!csv.write(`${row},class ${row % classes}\n`)) await once(csv, 'drain');
  }
  csv.end();
  await once(csv, 'finish');
}
