import { expect, it } from '@jest/globals';
import { openDatabase } from '../database/open.js';
import { useBenches, withDatabase } from '../test-support/databases.test-support.js';

const benches = useBenches();

it('is the same for simultaneous callers, is kept, and differs between databases', async () => {
  const identities: string[] = [];
  for (const { options } of benches) {
    const opened = await Promise.all(Array.from({ length: 6 }, () => openDatabase(options)));
    const identitiesFound = await Promise.all(opened.map((database) => database.identity()));
    await Promise.all(opened.map((database) => database.close()));
    expect(new Set(identitiesFound).size).toBe(1);
    expect(identitiesFound[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await withDatabase(options, (database) => database.identity())).toBe(identitiesFound[0]);
    identities.push(identitiesFound[0]!);
  }
  expect(new Set(identities).size).toBe(benches.length);
});
