import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parseSqlType, type Cell, type TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { ingest } from '../run/ingest.js';
import { abortAfter, lines, Place, rowsOf } from '../run/ingest.test-support.js';
import { silentObserver } from '../observer.js';
import { BATCH_TEXT, readShard } from './read-dataset.js';

const COLUMNS = Array.from({ length: 1900 }, (_, index) => ({ name: `c${index}`, type: parseSqlType('TEXT') }));
const NOTHING: readonly Cell[] = COLUMNS.map(() => null);

/** Returns `lines` with other values in each row. */
const withValues = (valuesOf: (row: number) => readonly Cell[]): TaskType => ({
  ...lines,
  async *records(context) {
    for await (const records of lines.records(context)) {
      yield records.map((record) => ({ ...record, values: valuesOf(record.row) }));
    }
  },
});

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(() => place.remove());

/** Returns how many records the sink receives before each flush. */
async function batchesOf(config: RunConfig): Promise<number[]> {
  const batches: number[] = [];
  let records = 0;
  await readShard(config, {
    ...{ runId: '00000000-0000-4000-8000-000000000000', phase: 'stage', observer: silentObserver },
    signal: new AbortController().signal,
    sink: {
      wantsFiles: false,
      add() {
        records++;
        return undefined;
      },
      async flush() {
        batches.push(records);
        records = 0;
      },
    },
  });
  return batches;
}

it('a batch ends when its text is long, however few records it has', async () => {
  await place.write(rowsOf(100));
  const long = 'x'.repeat(BATCH_TEXT / 8);
  const task = withValues((row) => [row > 50 && row % 2 === 0 ? long : 'short']);
  // The rows 2 to 51 are short; after them, every second row is long.
  expect(await batchesOf(place.config({ task, batchSize: 10_000 }))).toEqual([65, 16, 16, 3]);
});

it('a batch ends when its cells are many, even if they are empty', async () => {
  await place.write(rowsOf(1000));
  const batches = await batchesOf(place.config({ task: withValues(() => NOTHING), batchSize: 10_000 }));
  expect(batches.length).toBeGreaterThan(1);
  expect(Math.max(...batches)).toBeLessThan(600);
});

it('a run that is continued with another BATCH_SIZE has every record in one batch, also if batches end early', async () => {
  await place.write(rowsOf(1000));
  const configOf = (batchSize: number) =>
    place.config({ task: withValues(() => NOTHING), batchSize, schema: COLUMNS, columns: COLUMNS });
  const cut = ingest(configOf(300), abortAfter(300));
  await expect(cut).rejects.toMatchObject({ code: 'interrupted' });
  expect(await ingest(configOf(10_000))).toMatchObject({ outcome: 'resumed', inserted: 1000 });
  const database = new DatabaseSync(join(place.folder, 'db.sqlite'), { readOnly: true });
  const batches = database.prepare('SELECT first_ordinal AS first, records FROM _ingestor_batches ORDER BY 1').all();
  database.close();
  expect(batches.length).toBeGreaterThanOrEqual(3);
  let next = 0;
  for (const { first, records } of batches as { first: number; records: number }[]) {
    expect(first).toBe(next);
    next += records;
  }
  expect(next).toBe(1000);
});
