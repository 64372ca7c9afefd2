import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase } from '@tracebloc/ingestor-storage';
import {
  serverProduct,
  startFakeBackend,
  startMariaDb,
  type FakeBackend,
  type MariaDb,
} from '@tracebloc/ingestor-testing';
import { deleteDataset } from '../delete-dataset.js';
import { ingest } from './ingest.js';
import { column, lines, newDatabase, Place, remote, rowsOf } from './ingest.test-support.js';
import { silentObserver } from '../observer.js';
import type { Stores } from '../stores.js';
import { verifyDataset } from '../verify/verify-dataset.js';

let place: Place;
let backend: FakeBackend;
let server: MariaDb;
let database: RunConfig['database'];
let warnings: string[];

const start = (...args: string[]) => {
  beforeAll(async () => {
    [backend, server] = await Promise.all([startFakeBackend(), startMariaDb({ args })]);
  });
  afterAll(() => Promise.all([backend.stop(), server.stop()]));
  beforeEach(async () => {
    place = await Place.make();
    await place.write(rowsOf(25));
    database = await newDatabase(server);
    warnings = [];
  });
  afterEach(() => place.remove());
};

const run = (changes: Partial<RunConfig>, overwrite = false) =>
  ingest(place.config({ database, backend: remote(backend), ...changes }), {
    overwrite,
    observer: { ...silentObserver, warn: (message) => void warnings.push(message) },
  });

async function look<T>(act: (stores: Stores) => Promise<T>): Promise<T> {
  const opened = await openDatabase(database);
  try {
    return await act({ database: opened, folders: new DatasetFolders(place.folder, opened) });
  } finally {
    await opened.close();
  }
}

const verify = (table: string) =>
  look((stores) => verifyDataset(stores, table, () => lines.layout, new AbortController().signal));

// MySQL takes the rule with its data folder only.
(serverProduct === 'MariaDB' ? describe : describe.skip)('a server that ignores case in names of tables', () => {
  start('--lower-case-table-names=1');

  it('has one dataset for all of them, which another does not replace by accident', async () => {
    expect(await run({ table: 'Br_Weird' })).toMatchObject({ outcome: 'ingested', table: 'br_weird' });
    expect(warnings.join()).toContain('table Br_Weird gets the name br_weird');
    // The same dataset, by another name.
    expect(await run({ table: 'bR_wEIRD' })).toMatchObject({ outcome: 'unchanged', table: 'br_weird' });

    const first = place;
    place = await Place.make();
    await place.write(rowsOf(30));
    await expect(run({ table: 'bR_wEIRD' })).rejects.toMatchObject({ code: 'dataset-exists' });
    expect(await run({ table: 'bR_wEIRD' }, true)).toMatchObject({ outcome: 'ingested', inserted: 30 });
    await place.remove();
    place = first;
    // The first dataset was replaced, which the error reports.
    await expect(run({ table: 'Br_Weird' })).rejects.toMatchObject({ code: 'dataset-exists' });

    expect((await look(({ database: db }) => db.catalog.list())).map(({ table, records }) => [table, records])).toEqual(
      [['br_weird', 30]],
    );
    expect(await verify('BR_WEIRD')).toMatchObject({ whole: true, table: 'br_weird', records: 30 });
    expect(await look((stores) => deleteDataset(stores, 'BR_weird'))).toMatchObject({ table: 'br_weird' });
    expect(await look(({ database: db }) => db.catalog.list())).toEqual([]);
  });
});

describe('a server whose sessions do not commit by themselves', () => {
  start('--autocommit=0');

  it('has each dataset registered once', async () => {
    expect(await run({})).toMatchObject({ outcome: 'ingested', inserted: 25 });
    const calls = backend.calls.length;
    expect(await run({})).toMatchObject({ outcome: 'unchanged' });
    expect(backend.calls).toHaveLength(calls);
    expect(await look(({ database: db }) => db.catalog.list())).toMatchObject([{ table: 'numbers', records: 25 }]);
    expect(await verify('numbers')).toMatchObject({ whole: true });
  });
});

describe('a server', () => {
  start();

  it('has columns named __proto__ and like other properties of objects as any others', async () => {
    const names = ['__proto__', '__defineGetter__', '__defineSetter__', '__lookupGetter__', 'constructor', 'toString'];
    const columns = names.map(column);
    const task: TaskType = {
      ...lines,
      async *records(context) {
        for await (const records of lines.records(context)) {
          yield records.map((record) => ({ ...record, values: names.map(() => record.values[0]!) }));
        }
      },
    };
    const config = { task, table: 't__proto__', schema: columns, columns };
    expect(await run(config)).toMatchObject({ outcome: 'ingested', inserted: 25 });
    expect(await run(config)).toMatchObject({ outcome: 'unchanged' });
    expect(await verify(config.table)).toMatchObject({ whole: true, records: 25 });
    expect(await look((stores) => deleteDataset(stores, config.table))).toMatchObject({ records: 25 });
  });
});
