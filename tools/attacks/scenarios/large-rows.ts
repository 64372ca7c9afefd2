import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

export const attack =
  'rows of 600 kB and of 1,000 columns, with 10,000 a batch, take no more memory than small ones, however many there are';

const MOST_MB = 400;
const CELL = 60_000;

const SHAPES = [
  {
    name: 'long',
    type: 'TEXT',
    columns: 10,
    cell: (row, column) => `${row} ${column} `.repeat(CELL / 4).slice(0, CELL),
    counts: [100, 250],
  },
  { name: 'wide', type: 'INT', columns: 1000, cell: (row, column) => `${row * column}`, counts: [2000, 5000] },
];

export async function run(world) {
  const databases = { sqlite: {}, mariadb: (await world.mariaDb()).env };
  const figures = {};
  for (const shape of SHAPES) {
    for (const rows of shape.counts) {
      const source = await write(world.folder, shape, rows);
      for (const [database, env] of Object.entries(databases)) {
        const table = `${shape.name}_${rows}`;
        const args = [
          ...['ingest', '--task', 'tabular_classification', '--table', table, '--intent', 'train'],
          ...['--label-file', source, '--label', 'label', '--schema', schemaOf(shape), '--batch-size', '10000'],
        ];
        const ended = await world.run(args, { env });
        assert.equal(ended.code, 0, ended.stderr);
        figures[`${table}_${database}`] = `${Math.round(ended.rssMb)} MB, ${ended.seconds.toFixed(1)} s`;
        assert.ok(ended.rssMb < MOST_MB, JSON.stringify(figures));
      }
    }
  }
  return figures;
}

function schemaOf({ columns, type }) {
  return [...namesOf(columns).map((name) => `${name}: ${type}`), 'label: INT'].join(', ');
}

function namesOf(columns) {
  return Array.from({ length: columns }, (_, column) => `c${column}`);
}

async function write(folder, { name, columns, cell }, rows) {
  const source = `${name}-${rows}.csv`;
  const csv = createWriteStream(join(folder, source));
  csv.write(`${[...namesOf(columns), 'label'].join(',')}\n`);
  for (let row = 0; row < rows; row++) {
    const cells = namesOf(columns).map((_, column) => cell(row, column));
    if (!csv.write(`${cells.join(',')},${row % 2}\n`)) await once(csv, 'drain');
  }
  csv.end();
  await once(csv, 'finish');
  return source;
}
