import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world.ts';

export const attack =
  'rows of 600 kB and of 1,000 columns, with 10,000 a batch, take no more memory than small ones, however many there are';

const MOST_MB = 400;
const CELL = 60_000;

interface Shape {
  name: string;
  type: string;
  columns: number;
  cell: (row: number, column: number) => string;
  /** The numbers of rows to ingest. */
  counts: number[];
}

const SHAPES: readonly Shape[] = [
  {
    name: 'long',
    type: 'TEXT',
    columns: 10,
    cell: (row, column) => `${row} ${column} `.repeat(CELL / 4).slice(0, CELL),
    counts: [100, 250],
  },
  { name: 'wide', type: 'INT', columns: 1000, cell: (row, column) => `${row * column}`, counts: [2000, 5000] },
];

export async function run(world: World): Promise<object> {
  const databases = { sqlite: {}, mariadb: (await world.mariaDb()).env };
  const figures: Record<string, string> = {};
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

function schemaOf({ columns, type }: Shape): string {
  return [...namesOf(columns).map((name) => `${name}: ${type}`), 'label: INT'].join(', ');
}

function namesOf(columns: number): string[] {
  return Array.from({ length: columns }, (_, column) => `c${column}`);
}

async function write(folder: string, { name, columns, cell }: Shape, rows: number): Promise<string> {
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
