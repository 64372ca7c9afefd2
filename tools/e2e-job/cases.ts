import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pod, runPod, type Ended, type Surroundings } from './pod.ts';
import type { Row, World } from './world.ts';

const SAMPLE = fileURLToPath(new URL('../../plugins/image-classification/samples/sky', import.meta.url));
const DONE = 'All records processed successfully';
/** A user as OpenShift chooses one: it is not in /etc/passwd, and its group is 0. */
const STRANGER = 1_000_680_000;
const RECORDS = 20_000;
const PATIENCE_MS = 60_000;

/** What the pod must do. The cases run one after the other. */
export const cases = [
  { name: 'a pod ingests a dataset with files', run: ingestsFiles },
  { name: 'a pod with bad data ends with 3 and leaves nothing', run: refusesBadData },
  { name: 'a pod stopped, then killed, halfway is continued by the next one', run: continues },
];

async function ingestsFiles({ containers, world }: Surroundings): Promise<void> {
  const claim = world.claim('files');
  cpSync(SAMPLE, join(claim, 'raw/sky'), { recursive: true });
  const config = readFileSync(join(SAMPLE, 'train.yaml'), 'utf8').replace(
    /^(csv|images): /gm,
    '$1: /data/shared/raw/sky/',
  );
  const pod = await Pod.start({ containers, world }, { name: 'files', config, claim });
  const { options, ...hardening } = await pod.hardening();
  const { code, log, lastLine } = await pod.ended();
  assert.deepEqual(hardening, { readOnly: true, capabilities: [], user: '10001:0' });
  assert.ok(options.includes('no-new-privileges'), String(options));
  assert.equal(code, 0, log);
  assert.equal(lastLine, DONE);

  const table = /^table: (\S+)$/m.exec(config)![1]!;
  const rows = await rowsOf(world, table);
  const images = readdirSync(join(SAMPLE, 'train/images'));
  assert.equal(rows.length, images.length);
  assert.deepEqual(readdirSync(join(claim, table)).sort(), images.sort());
  assert.deepEqual(rows.map(({ filename, extension }) => `${filename}${extension}`).sort(), images.sort());
  assert.equal(statSync(join(claim, table, images[0]!)).uid, 10_001);
  assertRegistered(world, table, rows);
}

async function refusesBadData({ containers, world }: Surroundings): Promise<void> {
  const claim = world.claim('bad');
  const config = tabular(claim, 'bad', ['1,0.5,a', '2,0.5,b', 'three,0.5,a']);
  const { code, log } = await runPod({ containers, world }, { name: 'bad', config, claim });
  assert.equal(code, 3, log);
  assert.match(log, /not-an-integer[^]*bad\.csv:4 a /);
  assert.ok(!log.includes(DONE));
  assert.equal(await world.rows('bad'), undefined);
  assert.equal(world.backend.tables.bad, undefined);
}

async function continues({ containers, world }: Surroundings): Promise<void> {
  const claim = world.claim('halfway');
  const lines = Array.from({ length: RECORDS }, (_, index) => `${index},0.5,${index % 3}`);
  const config = tabular(claim, 'halfway', lines);
  // The batches are so small that there is time to stop the pod between two of them.
  const options = { config, claim, env: { BATCH_SIZE: '20' }, user: STRANGER };
  const interrupt = async (name: string, signal: string): Promise<Ended> => {
    const before = await world.staged('halfway');
    const pod = await Pod.start({ containers, world }, { ...options, name });
    const deadline = Date.now() + PATIENCE_MS;
    while ((await world.staged('halfway')) <= before && Date.now() < deadline) await sleep(10);
    await pod.kill(signal);
    return pod.ended();
  };

  const stopped = await interrupt('stopped', 'TERM');
  assert.equal(stopped.code, 130, stopped.log);
  assert.match(stopped.log, /continues at the last committed batch/);
  const killed = await interrupt('killed', 'KILL');
  assert.equal(killed.code, 137, killed.log);
  const staged = await world.staged('halfway');
  assert.ok(staged > 0 && staged < RECORDS, `${staged} records are staged`);
  assert.equal(await world.rows('halfway'), undefined);

  const { code, log, lastLine } = await runPod({ containers, world }, { ...options, name: 'completed' });
  assert.equal(code, 0, log);
  assert.equal(lastLine, DONE);
  const rows = await rowsOf(world, 'halfway');
  assert.deepEqual(
    rows.map(({ a, label }) => `${a},0.5,${label}`),
    lines,
  );
  assertRegistered(world, 'halfway', rows);
}

async function rowsOf(world: World, table: string): Promise<Row[]> {
  const rows = await world.rows(table);
  assert.ok(rows, `${table} does not exist`);
  return rows;
}

/** Writes the table's CSV file onto the claim and returns its ingest.yaml. */
function tabular(claim: string, table: string, lines: readonly string[]): string {
  mkdirSync(join(claim, 'raw'));
  writeFileSync(join(claim, 'raw', `${table}.csv`), `a,b,y\n${lines.join('\n')}\n`);
  return `apiVersion: tracebloc.io/v1
kind: IngestConfig
category: tabular_classification
table: ${table}
intent: train
csv: /data/shared/raw/${table}.csv
label: y
schema: { a: INT, b: FLOAT }
`;
}

/** Asserts that the backend knows each row and the dataset, and that it objected to no call. */
function assertRegistered({ backend }: World, table: string, rows: readonly Row[]): void {
  const { labels, dataset } = backend.tables[table]!;
  assert.deepEqual([...labels.keys()].sort(), rows.map(({ data_id: id }) => id).sort());
  assert.ok(dataset, 'the dataset is registered');
  assert.deepEqual(backend.violations, []);
}
