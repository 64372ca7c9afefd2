import { stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import type { JobState } from '../services/state.js';
import { renderEnd, renderJob, renderJobs } from './job.js';

const created = new Date(Date.now() - 20_000);
const started = new Date(created.getTime() + 1000);
const finished = new Date(created.getTime() + 15_000);

const STATE: JobState = {
  name: 'ingest-churn-train',
  namespace: 'default',
  phase: 'failed',
  exitCode: 3,
  created,
  started,
  finished,
  image: 'tracebloc/ingestor:0.1.0',
  pods: [{ name: 'ingest-churn-train-a1', phase: 'Error', exitCode: 3, created, node: 'node-1' }],
};
const SHARDED: JobState = {
  ...STATE,
  shards: { count: 3, done: 1, running: 2, failed: [] },
  pods: [],
  exitCode: undefined,
  phase: 'running',
};

it('lists Jobs with their state, shards, exit code and number of pods', () => {
  const table = renderJobs([STATE, SHARDED]);
  expect(table).toMatch(/^ingest-churn-train +failed +3 +1 +\d+ s$/m);
  expect(table).toMatch(/^ingest-churn-train +running +1\/3 +0 +\d+ s$/m);
});

it('shows one Job with its pods', () => {
  const shown = stripVTControlCharacters(renderJob(STATE));
  expect(shown).toMatch(
    /^✖ Job ingest-churn-train in namespace default failed after 14\.0 s: exit code 3, the data failed validation/,
  );
  expect(shown).toMatch(/^ {2}image {5}tracebloc\/ingestor:0\.1\.0$/m);
  expect(shown).toMatch(/^ {2}pod {7}ingest-churn-train-a1: Error \(exit code 3\), \d+ s old, on node-1$/m);
});

it('shows how many shards are done and running', () => {
  expect(renderJob(SHARDED)).toMatch(/^ {2}shards {4}1 of 3 done, 2 running$/m);
  const done = { ...SHARDED, shards: { count: 3, done: 3, running: 0, failed: [] } };
  expect(renderJob(done)).toMatch(/^ {2}shards {4}3 of 3 done$/m);
});

it('names the shard that failed, or says how many', () => {
  const failed = (...shards: number[]) =>
    renderEnd({ ...STATE, exitCode: 42, shards: { count: 3, done: 3 - shards.length, running: 0, failed: shards } });
  expect(failed(2)).toContain('failed after 14.0 s: shard 2, exit code 42.');
  expect(failed(0, 1, 2)).toContain('failed after 14.0 s: 3 of 3 shards, exit code 42.');
});

it('adds the problem with its fixes, in printable characters', () => {
  const problem = {
    code: 'image-pull',
    message: 'No \u001b[2J image.',
    fix: ['Correct --image.'],
    permanent: true,
  } as const;
  const lines = renderEnd({ ...STATE, problem: { ...problem, fix: [...problem.fix] } }).split('\n');
  expect(lines.slice(1)).toEqual([String.raw`No \u001b[2J image.`, '  Correct --image.']);
});
