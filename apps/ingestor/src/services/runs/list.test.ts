import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, DatasetFolders, openDatabase } from '@tracebloc/ingestor-storage';
import { listCommand, type ListCommand } from './list.js';

let folder: string;
let database: Database;

/** Three runs, of which the first two were dropped and have left files, and files of a run that nobody knows. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runs-list-'));
  database = await openDatabase({ kind: 'sqlite', file: join(folder, 'db.sqlite') });
  for (const [runId, table] of Object.entries({ first: 'cats', second: 'dogs', third: 'cats' })) {
    const content = { configHash: '', sourceFingerprint: '', batchSize: 1, shards: 1 };
    await database.ledger.begin({ runId, table, task: 'text_classification', intent: 'train', ...content });
  }
  for (const runId of ['first', 'second']) await database.ledger.setState(runId, 'dropped');
  for (const runId of ['first', 'second', 'unknown']) {
    await mkdir(join(folder, '.ingestor/staging', runId), { recursive: true });
  }
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function list(command: Partial<ListCommand> = {}) {
  const stores = { database, folders: new DatasetFolders(folder, database) };
  const found = await listCommand(stores, { abandoned: false, page: {}, ...command });
  return { ids: found.shown.map(({ runId }) => runId), total: found.total };
}

describe('the runs', () => {
  it('are listed with the newest last', async () => {
    expect(await list()).toEqual({ ids: ['first', 'second', 'third'], total: 3 });
  });

  it('may be those of one table', async () => {
    expect(await list({ table: 'cats' })).toMatchObject({ ids: ['first', 'third'], total: 2 });
    expect(await list({ table: 'birds' })).toEqual({ ids: [], total: 0 });
  });

  it('are shown in parts, counted from the newest', async () => {
    expect(await list({ page: { limit: 1 } })).toMatchObject({ ids: ['third'], total: 3 });
    expect(await list({ page: { limit: 1, offset: 1 } })).toMatchObject({ ids: ['second'], total: 3 });
    expect(await list({ page: { offset: 3 } })).toEqual({ ids: [], total: 3 });
  });
});

describe('what runs have left', () => {
  it('is listed, that of runs which the ledger does not know too', async () => {
    expect(await list({ abandoned: true })).toEqual({ ids: ['first', 'second', 'unknown'], total: 3 });
  });

  it('may be that of one table', async () => {
    expect(await list({ abandoned: true, table: 'dogs' })).toMatchObject({ ids: ['second'], total: 1 });
    expect(await list({ abandoned: true, table: 'birds' })).toEqual({ ids: [], total: 0 });
  });

  it('is shown in the same parts as runs are', async () => {
    const page = { limit: 1, offset: 1 };
    expect(await list({ abandoned: true, page })).toMatchObject({ ids: ['second'], total: 3 });
    expect(await list({ abandoned: true, page: { offset: 9 } })).toEqual({ ids: [], total: 3 });
  });
});
