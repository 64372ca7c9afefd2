import { expect, it } from '@jest/globals';
import { resolveEnvironment } from './environment.js';
import type { ConfigFlags } from '../types.js';

const SERVER = { MYSQL_HOST: 'db', DB_PASSWORD: 'secret', CLIENT_ENV: 'local' };

function shardOf(env: Record<string, string>, flags: ConfigFlags = {}) {
  return resolveEnvironment({ ...SERVER, ...env }, flags, { needs: ['shard'] }).config.shard;
}

it('the shard comes from the flag, the variable or the index of the pod, in this order', () => {
  const pod = { INGESTOR_SHARDS: '4', JOB_COMPLETION_INDEX: '3' };
  expect(shardOf(pod)).toEqual({ index: 3, count: 4 });
  expect(shardOf({ ...pod, INGESTOR_SHARD_INDEX: '2' })).toEqual({ index: 2, count: 4 });
  expect(shardOf({ ...pod, INGESTOR_SHARD_INDEX: '2' }, { shards: '3', shardIndex: '1' })).toEqual({
    ...{ index: 1, count: 3 },
  });
});

it('is undefined for a single process and for commands that do not ingest', () => {
  expect(shardOf({})).toBeUndefined();
  expect(shardOf({ JOB_COMPLETION_INDEX: '3' })).toBeUndefined();
  expect(shardOf({ INGESTOR_SHARDS: '1' })).toBeUndefined();
  const env = { ...SERVER, INGESTOR_SHARDS: '4' };
  expect(resolveEnvironment(env, {}, { needs: [] }).config.shard).toBeUndefined();
});

it.each([
  [{ INGESTOR_SHARDS: '0' }, /INGESTOR_SHARDS: "0" is not a valid value — Use a whole number from 1 to 1000/],
  [{ INGESTOR_SHARDS: '4' }, /INGESTOR_SHARDS: does not say which of the 4 shards this is/],
  [
    { INGESTOR_SHARDS: '4', INGESTOR_SHARD_INDEX: '4' },
    /INGESTOR_SHARD_INDEX: "4" is not a valid value — Use a whole number from 0 to 3/,
  ],
  [{ INGESTOR_SHARDS: '4', JOB_COMPLETION_INDEX: '9' }, /JOB_COMPLETION_INDEX: "9" is not a valid value/],
  [{ INGESTOR_SHARD_INDEX: '1' }, /is set without a number of shards/],
  [{ INGESTOR_SHARDS: '4', INGESTOR_SHARD_INDEX: '1', MYSQL_HOST: '' }, /needs a database server/],
])('%j is refused', (env, message) => {
  expect(() => shardOf(env)).toThrow(message);
});
