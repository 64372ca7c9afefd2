import { appendFileSync, chmodSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { csvFormat, temporaryFolder } from '../manifest/reading.test-support.js';
import { createReport } from '../findings/report.js';
import { splitManifest } from './split.js';

const ROWS = 3000;
const contentOf = (text: string) => `a,b\n${`1,${text}\n`.repeat(ROWS)}`;

/** Splits a file and changes it when the first record is written. */
async function splitChanging(change: (path: string) => void) {
  using folder = temporaryFolder();
  const path = folder.write(contentOf('x'), 'data.csv');
  let isWritten = false;
  const sink = {
    write: async () => {
      if (!isWritten) change(path);
      isWritten = true;
    },
  };
  const source = { format: 'csv', path, file: 'data.csv', csv: { ...csvFormat, chunkSize: 1024 } } as const;
  const request = { source: { ...source, missing: 'tokens' } as const, testSize: 0.2, seed: 0 };
  const { signal } = new AbortController();
  return await splitManifest({ ...request, signal }, { train: sink, test: sink }, createReport());
}

it.each<[string, (path: string) => void]>([
  ['grows', (path) => appendFileSync(path, '1,x\n')],
  ['grows by half a line', (path) => appendFileSync(path, '1')],
  ['is rewritten, with as many rows', (path) => writeFileSync(path, contentOf('y'))],
  ['is rewritten with other columns', (path) => writeFileSync(path, contentOf('y').replace('a,b', 'b,a'))],
])('a file that %s while it is split is an error', async (_what, change) => {
  await expect(splitChanging(change)).rejects.toMatchObject({ code: 'source-changed' });
});

it('a file whose permissions change meanwhile is split', async () => {
  const { train, test } = await splitChanging((path) => chmodSync(path, 0o600));
  expect(train + test).toBe(ROWS);
});
