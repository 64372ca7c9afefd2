import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { deleteDataset, unknownDataset } from '../delete-dataset.js';
import { ingest } from '../run/ingest.js';
import { silentObserver } from '../observer.js';
import { lines, Place, rowsOf } from '../run/ingest.test-support.js';

let place: Place;

beforeEach(async () => {
  place = await Place.make();
  await place.write([...rowsOf(25), ['', 25]]);
});
afterEach(() => place.remove());

const kept = (runId: string) => place.inspect((database) => database.ledger.labels(runId));

it('are counted while the rows are compared, and are removed with the dataset', async () => {
  const { runId } = await ingest(place.config());
  const labels = {
    labels: [
      { label: 'even', records: 13 },
      { label: 'odd', records: 12 },
      { label: '', records: 1 },
    ],
    distinct: 3,
  };
  expect(await kept(runId)).toEqual(labels);
  await place.inspect(async (database) => expect(await database.labelCounts('numbers')).toEqual(labels));
  await place.inspect((_database, stores) => deleteDataset(stores, 'numbers'));
  expect(await kept(runId)).toBeUndefined();
});

it('that are measured values are counted too', async () => {
  const task = { ...lines, label: { ...lines.label, classes: false } };
  const { runId } = await ingest(place.config({ task }));
  expect(await kept(runId)).toMatchObject({ distinct: 3 });
});

it('a ledger that refuses the counts does not make a run fail', async () => {
  const messages: string[] = [];
  const observer = { ...silentObserver, debug: (message: string) => void messages.push(message) };
  const first = await ingest(place.config());
  // A server refuses a packet of that length in the same way.
  const refuse = `CREATE TRIGGER refuse BEFORE UPDATE OF labels ON _ingestor_runs WHEN NEW.labels LIKE '{%'
    BEGIN SELECT RAISE(ABORT, 'too long'); END`;
  const other = new DatabaseSync(join(place.folder, 'db.sqlite'));
  other.exec(refuse);
  other.close();
  await place.write(rowsOf(30));
  const second = await ingest(place.config(), { overwrite: true, observer });
  expect(second).toMatchObject({ outcome: 'ingested', inserted: 30 });
  expect([await kept(first.runId), await kept(second.runId)]).toEqual([undefined, undefined]);
  expect(messages.join('\n')).toContain('The counts of the labels are not kept: ');
});

it('a name that the catalog does not have is refused with the nearest names, but not with thousands', () => {
  const entries = Array.from({ length: 2000 }, (_, index) => ({ table: `sales_${index}_train` }));
  const fix = (table: string, some = entries) => unknownDataset(table, some).fix.join('\n');
  expect(fix('sales_19_trian')).toMatch(
    /^Did you mean sales_19_train, sales_\S+, .*\? Its 2,000 datasets: ingestor datasets list$/,
  );
  expect(fix('weather')).toBe('Its 2,000 datasets: ingestor datasets list');
  expect(fix('weather', entries.slice(0, 2))).toBe('It has: sales_0_train, sales_1_train.');
  expect(fix('weather', [])).toBe('It is empty.');
});
