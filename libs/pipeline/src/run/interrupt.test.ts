import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { silentObserver, type PhaseEvent, type RunObserver, type RunPhase } from '../observer.js';
import { ingestTrainTest } from '../train-test/ingest-train-test.js';
import { usePlace } from '../train-test/train-test.test-support.js';
import { ingest } from './ingest.js';
import { remote, rowsOf } from './ingest.test-support.js';

const context = usePlace();
let backend: FakeBackend;

beforeEach(async () => {
  backend = await startFakeBackend();
});
afterEach(() => backend.stop());

/** Returns options that abort the run when it enters the phase with the dataset of the table. */
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

describe('an abort rejects with an InterruptedError and the same call completes the run', () => {
  it.each<RunPhase>(['connected', 'staging', 'staged', 'verifying', 'published', 'registering'])(
    'while one dataset is %s',
    async (phase) => {
      await context.place.write(rowsOf(35));
      const config = context.place.config({ backend: remote(backend) });
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
    const configs = await context.configsOf(rowsOf(30), rowsOf(40).slice(30), { backend: remote(backend) });
    const error = await errorOf(ingestTrainTest(configs, abortedIn(phase, table)));
    const isTrainDone = table === 'n_test';
    expect(error.message.includes('Table n_train is ingested and registered')).toBe(isTrainDone);
    expect(await ingestTrainTest(configs)).toMatchObject({ outcome: 'complete', test: { inserted: 10, sent: 10 } });
    expect(backend.violations).toEqual([]);
  });
});

it('a run reports its phases in order, and a repetition reports those that it still has to do', async () => {
  await context.place.write(rowsOf(35));
  const config = context.place.config({ backend: remote(backend) });
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
