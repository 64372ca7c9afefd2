import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InterruptedError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { silentObserver, type PhaseEvent, type RunObserver, type RunPhase } from '../observer.js';
import { ingestTrainTest } from '../train-test/ingest-train-test.js';
import { ingest } from './ingest.js';
import { Place, remote, rowsOf } from './ingest.test-support.js';

let place: Place;
let backend: FakeBackend;

beforeEach(async () => {
  place = await Place.make();
  backend = await startFakeBackend();
});
afterEach(async () => {
  await backend.stop();
  await place.remove();
});

/** Options that abort the run as it enters the phase with the dataset of the table. */
function abortedIn(wanted: RunPhase, ofTable: string): { signal: AbortSignal; observer: RunObserver } {
  const controller = new AbortController();
  const phase = ({ phase, table }: PhaseEvent) => phase === wanted && table === ofTable && controller.abort();
  return { signal: controller.signal, observer: { ...silentObserver, phase } };
}

async function errorOf(run: Promise<unknown>): Promise<InterruptedError> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InterruptedError);
  return error as InterruptedError;
}

async function trainAndTest(): Promise<{ train: RunConfig; test: RunConfig }> {
  const rows = rowsOf(40);
  const configOf = async (intent: 'train' | 'test', part: typeof rows): Promise<RunConfig> => {
    const path = join(place.folder, `${intent}.csv`);
    await writeFile(path, `label,n\n${part.map((row) => `${row.join(',')}\n`).join('')}`);
    const base = place.config({ backend: remote(backend) });
    return { ...base, intent, table: `n_${intent}`, source: { ...base.source, path } };
  };
  return { train: await configOf('train', rows.slice(0, 30)), test: await configOf('test', rows.slice(30)) };
}

describe('an abort rejects with an InterruptedError and the same call completes the run', () => {
  it.each<RunPhase>(['connected', 'staging', 'staged', 'verifying', 'published', 'registering'])(
    'while one dataset is %s',
    async (phase) => {
      await place.write(rowsOf(35));
      const config = place.config({ backend: remote(backend) });
      const error = await errorOf(ingest(config, abortedIn(phase, 'numbers')));
      expect(error.stack).toContain('InterruptedError');
      if (phase === 'registering') expect(error.message).toContain('not registered yet');
      expect(await ingest(config)).toMatchObject({ inserted: 35, sent: 35 });
      expect(backend.violations).toEqual([]);
    },
  );

  it.each<[RunPhase, string]>([
    ['registering', 'n_train'],
    ['staging', 'n_test'],
    ['registering', 'n_test'],
  ])('while a train and a test dataset are ingested: %s %s', async (phase, table) => {
    const configs = await trainAndTest();
    const error = await errorOf(ingestTrainTest(configs, abortedIn(phase, table)));
    const isTrainDone = table === 'n_test';
    expect(error.message.includes('Table n_train is ingested and registered')).toBe(isTrainDone);
    expect(await ingestTrainTest(configs)).toMatchObject({ outcome: 'complete', test: { inserted: 10, sent: 10 } });
    expect(backend.violations).toEqual([]);
  });
});

it('a run reports its phases in order, and a repetition reports those that it still has to do', async () => {
  await place.write(rowsOf(35));
  const config = place.config({ backend: remote(backend) });
  const seen: RunPhase[] = [];
  const observer: RunObserver = { ...silentObserver, phase: ({ phase }) => seen.push(phase) };
  backend.fail({ match: 'POST /global_meta/numbers/', times: 1, status: 403, body: 'no' });
  await expect(ingest(config, { observer })).rejects.toMatchObject({ code: 'backend-refused' });
  const untilFailure = ['connected', 'staging', 'staged', 'verifying', 'publishing', 'published', 'registering'];
  expect(seen.splice(0)).toEqual(untilFailure);
  await ingest(config, { observer });
  expect(seen.splice(0)).toEqual(['connected', 'published', 'registering', 'registered']);
  await ingest(config, { observer });
  expect(seen).toEqual(['connected']);
});
