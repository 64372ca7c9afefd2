import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Leftovers } from '@tracebloc/ingestor-pipeline';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { renderRunList } from './runs.js';

const TIME = new Date('2026-01-02T03:04:05Z');
const run = {
  ...{ runId: 'r1', table: 'cats', task: 'text_classification', intent: 'train', state: 'dropped', shards: 1 },
  ...{ staged: 1200, sent: 0, host: 'pod-1', startedAt: TIME, updatedAt: TIME },
} as RunRow;
const left: Leftovers = {
  ...{ runId: 'r1', reason: 'gone', run: { table: 'cats', state: 'dropped', staged: 1200 } },
  ...{ tables: ['_ingestor_stage_r1'], folders: ['/data/.ingestor/staging/r1'], ledgerRows: 2 },
};
const foreign: Leftovers = { runId: 'r2', reason: 'foreign', tables: [], folders: ['/data/x'], ledgerRows: 0 };

const lines = (text: string | undefined) => stripVTControlCharacters(text!).split('\n');

describe('a list of runs', () => {
  it('has a line for each run', () => {
    const text = renderRunList({ kind: 'runs', shown: [run], total: 1, database: 'SQLite file x' });
    expect(lines(text)[1]).toMatch(/^r1 +cats +text_classification +train +dropped +1,200 +0 +1 +pod-1 +2026-01-02T/);
  });

  it('says that there are none, and nothing about a part behind the end', () => {
    expect(renderRunList({ kind: 'runs', shown: [], total: 0, database: 'SQLite file x' })).toBe(
      'No runs in SQLite file x.',
    );
    expect(renderRunList({ kind: 'runs', shown: [], total: 3, database: 'SQLite file x' })).toBeUndefined();
  });
});

describe('a list of what runs have left', () => {
  it('has a line for each table, folder and kind of row, with the command that removes it', () => {
    const text = renderRunList({ kind: 'leftovers', shown: [left, foreign], total: 2 });
    expect(lines(text).slice(1)).toEqual([
      expect.stringMatching(/^r1 +cats +dropped +table _ingestor_stage_r1 +runs clean$/),
      expect.stringMatching(/^r1 +cats +dropped +\/data\/\.ingestor\/staging\/r1 +runs clean$/),
      expect.stringMatching(/^r1 +cats +dropped +2 rows of the ledger +runs clean$/),
      expect.stringMatching(/^r2 +unknown +\/data\/x +runs clean --foreign$/),
    ]);
  });

  it('says that there is nothing', () => {
    expect(renderRunList({ kind: 'leftovers', shown: [], total: 0 })).toBe('Nothing is abandoned.');
  });
});
