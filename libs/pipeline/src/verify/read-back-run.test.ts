import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { openDatabase } from '@tracebloc/ingestor-storage';
import { shareMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { ingest } from '../run/ingest.js';
import { newDatabase, Place, rowsOf } from '../run/ingest.test-support.js';
import { silentObserver, type RunObserver } from '../observer.js';

/** More than the rows that are read in one go at the end. */
const ROWS = 120_000;

let server: MariaDb;
let place: Place;

beforeAll(async () => {
  server = await shareMariaDb();
});
afterAll(() => server.stop());
beforeEach(async () => {
  place = await Place.make();
  await place.write(rowsOf(ROWS));
});
afterEach(() => place.remove());

/** Returns an observer that collects how many rows were read at the end, and calls `meddle` before they are compared. */
function observing(meddle: (runId: string) => void = () => undefined): { observer: RunObserver; atEnd: number[] } {
  const atEnd: number[] = [];
  const observer: RunObserver = {
    ...silentObserver,
    progress: ({ phase, records }) => {
      if (phase === 'verify') atEnd.push(records);
    },
    phase: ({ phase, runId }) => {
      if (phase === 'verifying') meddle(runId!);
    },
  };
  return { observer, atEnd };
}

describe.each(['mariadb', 'sqlite'])('the rows of a large dataset in %s', (kind) => {
  let database: RunConfig['database'];
  beforeEach(async () => {
    database = kind === 'sqlite' ? place.config().database : await newDatabase(server);
  });

  it('are compared while the next are loaded, and all are read again if one was changed', async () => {
    const calm = observing();
    await ingest(place.config({ database, batchSize: 4000 }), calm);
    expect(calm.atEnd).toEqual([0]);
    const opened = await openDatabase(database);
    const run = (await opened.ledger.current('numbers'))!;
    expect(run).toMatchObject({ state: 'registered', verified: true, staged: ROWS });
    const { labels } = (await opened.ledger.labels(run.runId))!;
    expect(labels).toEqual([
      { label: 'even', records: ROWS / 2 },
      { label: 'odd', records: ROWS / 2 },
    ]);
    await opened.close();
    // On a server the rows are locked; see read-back.test.ts.
    if (kind === 'mariadb') return;
    const meddled = observing((runId) => {
      const other = new DatabaseSync(join(place.folder, 'db.sqlite'));
      other.exec(`UPDATE "_ingestor_stage_${runId}" SET n = 7 WHERE id = 3`);
      other.close();
    });
    await place.write([...rowsOf(ROWS), ['odd', 1]]);
    await expect(
      ingest(place.config({ database, batchSize: 4000 }), { ...meddled, overwrite: true }),
    ).rejects.toMatchObject({ code: 'staged-differs' });
    expect(meddled.atEnd.length).toBeGreaterThan(2);
  });
});
