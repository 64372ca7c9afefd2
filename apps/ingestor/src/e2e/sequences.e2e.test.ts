import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { World, yamlOf } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import { datasetOf, expectNothingStaged, inSmallBatches, outcomeOf, shardFlags } from './shards.test-support.js';

const SEQUENCES = 50;
const STEPS = 120;
const SHARDS = 3;
const HEADER = 'sequence_id,timestamp,x,y';

/** Rows of sequences that all have rows in every shard. They have one length, so that half of the bytes are half of the rows. */
const ROWS = Array.from({ length: SEQUENCES * STEPS }, (_, row) => {
  const [id, step] = [row % SEQUENCES, Math.floor(row / SEQUENCES)];
  return `s${10 + id},${1000 + step},${10_000 + row},${['up', 'on', 'no'][id % 3]!}`;
});

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  await session.run(['runs', 'clean', '--yes'], world.local);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

async function configure(table: string, rows: readonly string[]): Promise<string> {
  await world.write(`${table}.csv`, `${[HEADER, ...rows].join('\n')}\n`);
  const schema = { sequence_id: 'VARCHAR(8)', timestamp: 'INT', x: 'DOUBLE' };
  const fields = { category: 'time_series_classification', table, csv: `${table}.csv`, label: 'y', schema };
  return world.write(`${table}.yaml`, yamlOf(fields));
}

const ingest = (config: string, ...flags: string[]) =>
  session.run(['ingest', '-c', config, ...flags], inSmallBatches(world.remote));

it('sequences that have rows in all shards are what they are in one run', async () => {
  const config = await configure('runs', ROWS);
  expect(outcomeOf(await ingest(config))).toMatch(/^0:/);
  const whole = await datasetOf(world, 'runs');
  expect(whole).toMatchObject({
    rows: { length: ROWS.length },
    known: { metadata: { number_of_sequences: SEQUENCES } },
  });
  expect(await session.run(['datasets', 'delete', 'runs', '--yes'], world.remote)).toMatchObject({ code: 0 });
  for (const index of [2, 0, 1]) expect(outcomeOf(await ingest(config, ...shardFlags(index, SHARDS)))).toMatch(/^0:/);
  expect(await datasetOf(world, 'runs')).toEqual(whole);
  await expectNothingStaged(world);
});

it.each([
  ['another label from the second shard on', 'mixed-label', (row: string) => row.replace(/\w+$/, 'xx'), 's17'],
  [
    'an earlier time from the second shard on',
    'unordered-sequence',
    (row: string) => row.replace(/,\d+/, ',0999'),
    's19',
  ],
])('%s is found by the last shard, and nothing is published', async (_, code, change, id) => {
  // No shard sees it alone: all of its rows of the sequence are changed.
  const half = ROWS.length / 2;
  const rows = ROWS.map((row, index) => (index >= half && row.startsWith(`${id},`) ? change(row) : row));
  const table = code.replace('-', '_');
  const config = await configure(table, rows);
  const outcomes: string[] = [];
  for (const index of [0, 1]) outcomes.push(outcomeOf(await ingest(config, ...shardFlags(index, 2))));
  expect(outcomes[0]).toMatch(/^0:/);
  expect(outcomes[1]).toMatch(/^3:/);
  expect(outcomes[1]).toContain(code);
  expect((await world.traces()).tables[table]).toBeUndefined();
  await expectNothingStaged(world);
});
