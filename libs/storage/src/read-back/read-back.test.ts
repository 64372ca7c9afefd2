import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ColumnChecksums } from '../checksums/column-checksums.js';
import { databases, type Bench } from '../test-support/databases.test-support.js';
import { batch, columns, newRun, record, write } from '../test-support/records.test-support.js';
import type { Staging } from '../database/types.js';
import type { ReadBack } from './types.js';

const OWN = columns({ n: 'INT', t: 'TEXT' });
const STAGED = '_ingestor_stage_r1';
const OPTIONS = { signal: new AbortController().signal, least: 1 };
const records = Array.from({ length: 2500 }, (_, i) => record([String(i), `text ${i}`], { label: `class ${i % 3}` }));

describe.each(databases())('rows that are read back on $name', ({ open, name }) => {
  let bench: Bench;
  let staging: Staging;
  let readBack: ReadBack;

  beforeEach(async () => {
    bench = await open();
    staging = await bench.db.stage(await bench.db.ledger.begin(newRun('r1', 'd')), { table: 'd', columns: OWN });
    readBack = bench.db.readBack(STAGED, OWN, OPTIONS);
  });
  afterEach(async () => {
    await readBack.close();
    await bench.close();
  });

  /** Writes the records in three batches, and has each read back while the next is written. */
  async function stage(): Promise<void> {
    for (const [from, to] of [
      [0, 10],
      [10, 2400],
      [2400, 2500],
    ] as const) {
      await write(staging, batch(from, records.slice(from, to), 'r1'));
      readBack.readTo(to);
    }
  }

  it('have the checksums and labels of what was sent', async () => {
    await stage();
    const sent = new ColumnChecksums(OWN);
    const { dataIds } = batch(0, records, 'r1');
    records.forEach((one, index) => sent.add(index + 1, one, dataIds[index]!));
    expect(await readBack.finish(2500)).toEqual({
      checksums: sent.result,
      labels: {
        labels: [
          { label: 'class 0', records: 834 },
          { label: 'class 1', records: 833 },
          { label: 'class 2', records: 833 },
        ],
        distinct: 3,
      },
    });
  });

  it('say nothing if there are fewer, or others', async () => {
    await stage();
    expect(await readBack.finish(2501)).toBeUndefined();
    const other = bench.db.readBack(STAGED, OWN, OPTIONS);
    other.readTo(2500);
    await bench.look(`INSERT INTO ${STAGED} (id, data_id) VALUES (2501, 'other')`);
    expect(await other.finish(2500)).toBeUndefined();
    await other.close();
  });

  it('say nothing if one was added before the first', async () => {
    await stage();
    await bench.look(`INSERT INTO ${STAGED} (id, data_id) VALUES (2501, 'other')`);
    await bench.look(`UPDATE ${STAGED} SET id = -1 WHERE id = 2501`);
    expect(await readBack.finish(2500)).toBeUndefined();
  });

  it.each(['UPDATE ? SET n = 1000 WHERE id = 50', 'DELETE FROM ? WHERE id = 2500'])(
    'cannot change unnoticed before the end: %s',
    async (sql) => {
      await stage();
      expect(await readBack.finish(2500)).toBeDefined();
      const change = bench.look(sql.replace('?', STAGED));
      if (name === 'SQLite') {
        await change;
        expect(await readBack.finish(2500)).toBeUndefined();
        return;
      }
      // The server lets nobody change them until they are released.
      await expect(Promise.race([change, readBack.finish(2500)])).resolves.toMatchObject({
        checksums: { records: 2500 },
      });
      await readBack.close();
      await change;
    },
  );

  it('say nothing after a failure', async () => {
    await stage();
    const gone = bench.db.readBack('other', OWN, OPTIONS);
    gone.readTo(10);
    expect(await gone.finish(10)).toBeUndefined();
    await gone.close();
  });
});
