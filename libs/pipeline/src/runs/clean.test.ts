import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ingest } from '../run/ingest.js';
import { abortAfter, Place, rowsOf } from '../run/ingest.test-support.js';
import { listLeftovers } from './leftovers.js';
import { cleanRuns } from './clean.js';

let place: Place;

beforeEach(async () => {
  place = await Place.make();
  await place.write(rowsOf(25));
});
afterEach(() => place.remove());

const everything = { unfinished: true, foreign: true };

/** Leaves a run that was stopped after its first batches. */
async function cutOff(): Promise<void> {
  await expect(ingest(place.config(), abortAfter(20))).rejects.toMatchObject({ code: 'interrupted' });
}

it('a run that another process continued before the lock was taken is kept', async () => {
  await cutOff();
  await place.inspect(async (database, stores) => {
    const lock = database.lock.bind(database);
    database.lock = async (table, runId) => {
      await ingest(place.config());
      return lock(table, runId);
    };
    expect(await cleanRuns(stores, everything)).toEqual({ removed: [], kept: [] });
    expect(await database.count('numbers')).toBe(25);
  });
});

it('a run that is being published is never a leftover, but a run that is missing in the ledger is', async () => {
  await cutOff();
  await place.inspect(async (database, stores) => {
    const [found] = await listLeftovers(stores);
    expect(found).toMatchObject({ reason: 'unfinished', run: { table: 'numbers', state: 'staging' } });
    await database.ledger.setState(found!.runId, 'publishing');
    expect(await cleanRuns(stores, everything)).toEqual({ removed: [], kept: [] });

    database.ledger.summaries = async () => [];
    const { removed } = await cleanRuns(stores, {});
    expect(removed).toMatchObject([{ reason: 'gone', run: undefined, tables: [`_ingestor_stage_${found!.runId}`] }]);
    expect(await database.runLeftovers()).toEqual([]);
  });
});
