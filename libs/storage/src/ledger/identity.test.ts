import { expect, it } from '@jest/globals';
import { openDatabase } from '../database/open.js';
import { useBenches, withDatabase } from '../test-support/databases.test-support.js';

const benches = useBenches();

it('is one for all that ask at once, stays, and is each database’s own', async () => {
  const identities: string[] = [];
  for (const { options } of benches) {
    const opened = await Promise.all(Array.from({ length: 6 }, () => openDatabase(options)));
    const told = await Promise.all(opened.map((database) => database.identity()));
    await Promise.all(opened.map((database) => database.close()));
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await withDatabase(options, (database) => database.identity())).toBe(told[0]);
    identities.push(told[0]!);
  }
  expect(new Set(identities).size).toBe(benches.length);
});
