import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Leftovers } from '@tracebloc/ingestor-pipeline';
import type { CatalogEntry, RunRow } from '@tracebloc/ingestor-storage';
import { renderDatasets } from './dataset.js';
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

describe('on a terminal', () => {
  const id = 'c0ffee00-0000-4000-8000-00000000000';
  const others = {
    table: 'a_long_name_of_a_table_train',
    task: 'time_to_event_prediction',
    host: 'ingest-cats-0-x7k2p',
  };
  const runs = [1, 2].map((last) => ({ ...run, ...others, runId: `${id}${last}` }));
  const widest = (text: string | undefined) => Math.max(...lines(text).map(({ length }) => length));

  it.each([80, 60])('the runs are at most %d cells wide, and further columns are indented', (width) => {
    const text = renderRunList({ kind: 'runs', shown: runs, total: 2, database: 'SQLite file x' }, width);
    expect(widest(text)).toBeLessThanOrEqual(width);
    expect(lines(text).slice(1).join(' ')).toMatch(/^ +.*TASK/);
    expect(text).toMatch(/\d+ d ago/);
    for (const shown of [...Object.values(others), '1,200', 'dropped', 'train']) expect(text).toContain(shown);
  });

  it('ids are short and still differ', () => {
    const short = (shown: RunRow[]) =>
      lines(renderRunList({ kind: 'runs', shown, total: 2, database: 'x' }, 300))
        .slice(1)
        .map((line) => line.split(' ')[0]);
    expect(short([runs[0]!, { ...runs[1]!, runId: 'c1' }])).toEqual(['c0ffee00', 'c1']);
    expect(short(runs)).toEqual(runs.map(({ runId }) => runId));
  });

  it('what runs have left is below a line for the run, with the whole id', () => {
    const shown = [{ ...left, runId: `${id}1` }];
    const text = renderRunList({ kind: 'leftovers', shown, total: 1 }, 60);
    expect(lines(text)).toEqual([
      `${id}1  cats, dropped; removed`,
      '    by: runs clean',
      ...['  table _ingestor_stage_r1', '  /data/.ingestor/staging/r1', '  2 rows of the ledger'],
    ]);
  });

  it('the datasets are at most 80 cells wide', () => {
    const entry = {
      ...{ table: others.table, task: others.task, intent: 'train', records: 1_000_000, createdAt: TIME },
      registeredWith: 'https://api.example.com/backend',
    } as CatalogEntry;
    expect(widest(renderDatasets([entry], 80))).toBeLessThanOrEqual(80);
    expect(renderDatasets([entry])).toContain(TIME.toISOString());
  });
});
