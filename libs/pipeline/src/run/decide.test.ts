import { describe, expect, it } from '@jest/globals';
import type { RunRow, RunState } from '@tracebloc/ingestor-storage';
import { decide, type Situation } from './decide.js';

const identity = { configHash: 'config', sourceFingerprint: 'source', sidecarState: 'sidecars', shards: 1 };
const BACKEND = 'https://backend';

function runOf(state: RunState, changes: Partial<RunRow> = {}): RunRow {
  const at = new Date(0);
  const place = { host: 'host', pid: 1, startedAt: at, updatedAt: at };
  const dataset = { runId: 'run', table: 'numbers', task: 'lines', intent: 'train', batchSize: 10 } as const;
  return { ...dataset, ...identity, ...place, state, staged: 10, sent: 0, registry: '', verified: false, ...changes };
}

const other = { configHash: 'other' };
const moved = { sourceFingerprint: 'other' };
const divided = { shards: 4 };
const there = { hasTable: true };
const same = { hasTable: true, hasSameContent: true };
const changed = { hasTable: true, hasSameContent: false };

type Row = [state: RunState | undefined, run: Partial<RunRow>, situation: Partial<Situation>, decision: string];

/** Each decision in short: `discard` and `lost` name what a new run does about the earlier one. */
const TABLE: Row[] = [
  [undefined, {}, {}, 'start'],
  [undefined, {}, { restart: true }, 'start'],

  ['staging', {}, {}, 'resume'],
  ['staging', { staged: 0 }, {}, 'resume'],
  ['staging', {}, { restart: true }, 'start discard'],
  ['staging', {}, { restart: true, isShard: true }, 'resume'],
  ['staging', other, {}, 'refuse configuration-changed'],
  ['staging', moved, {}, 'refuse source-changed'],
  ['staging', divided, {}, 'refuse shards-changed'],
  ['staging', { ...moved, ...divided }, {}, 'refuse source-changed'],
  ['staging', { ...other, staged: 0 }, {}, 'start discard'],
  ['staging', other, { restart: true }, 'start discard'],
  ['staging', divided, { restart: true, isShard: true }, 'start discard'],

  ['staged', {}, {}, 'ask hasSameContent'],
  ['staged', {}, { facts: { hasSameContent: true } }, 'resume'],
  ['staged', {}, { facts: { hasSameContent: false } }, 'refuse source-changed'],
  ['staged', {}, { restart: true }, 'start discard'],
  ['staged', other, {}, 'refuse configuration-changed'],
  ['staged', { registry: 'https://other' }, { facts: { hasSameContent: true } }, 'resume'],

  ['publishing', {}, {}, 'finish-publishing'],
  ['publishing', other, {}, 'finish-publishing'],
  ['publishing', {}, { restart: true }, 'finish-publishing'],

  ['published', {}, {}, 'ask hasTable'],
  ['published', {}, { restart: true }, 'ask hasTable'],
  ['published', {}, { facts: { hasTable: false } }, 'start lost'],
  ['published', {}, { facts: there }, 'ask hasSameContent'],
  ['published', {}, { facts: same }, 'finish-registration'],
  ['published', divided, { facts: same }, 'finish-registration'],
  ['published', {}, { facts: changed }, 'start'],
  ['published', other, { facts: there }, 'start'],
  ['published', {}, { facts: there, restart: true }, 'start'],
  ['published', {}, { facts: same, restart: true, isShard: true }, 'finish-registration'],
  ['published', { registry: BACKEND }, { facts: same }, 'finish-registration'],
  ['published', { registry: 'local' }, { facts: same }, 'finish-registration'],
  ['published', { registry: 'https://other' }, { facts: same }, 'refuse registered-elsewhere'],
  ['published', { registry: 'https://other' }, { facts: there, restart: true }, 'start'],

  ['registered', {}, {}, 'ask hasTable'],
  ['registered', {}, { facts: { hasTable: false } }, 'start lost'],
  ['registered', { registry: BACKEND }, { facts: same }, 'unchanged'],
  ['registered', { registry: BACKEND }, { facts: changed }, 'start'],
  ['registered', moved, { facts: there }, 'start'],
  ['registered', { registry: BACKEND }, { facts: same, registry: 'local' }, 'refuse registered-elsewhere'],
];

describe('the decision about an earlier run', () => {
  it.each(TABLE)('a run that is %s %j, with %j: %s', (state, differences, changes, expected) => {
    const earlier = state && runOf(state, differences);
    const situation = { earlier, identity, registry: BACKEND, restart: false, isShard: false, facts: {}, ...changes };
    const decision = decide(situation);
    const words: (string | undefined)[] = [decision.action];
    if (decision.action === 'ask') words.push(decision.fact);
    if (decision.action === 'refuse') words.push(decision.reason);
    if (decision.action === 'start') {
      words.push(decision.discard && 'discard', decision.lost && 'lost');
      expect([decision.discard, decision.lost]).toEqual(
        expected.includes(' ') ? expect.arrayContaining([earlier]) : [undefined, undefined],
      );
    }
    if ('run' in decision) expect(decision.run).toBe(earlier);
    expect(words.filter(Boolean).join(' ')).toBe(expected);
  });
});
