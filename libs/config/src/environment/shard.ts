import type { DatabaseConfig } from '@tracebloc/ingestor-core';
import { type Settings, wholeNumber } from './settings.js';
import type { Shard } from '../types.js';

const MAX_SHARDS = 1000;

/** Returns the shard of this process, or `undefined` if it is the only process. Kubernetes numbers the pods of an Indexed Job. */
export function readShard(settings: Settings, database: DatabaseConfig['kind']): Shard | undefined {
  const count = settings.read<number | undefined>(
    'shards',
    { variable: 'INGESTOR_SHARDS', flag: 'shards', fallback: undefined },
    wholeNumber(1, MAX_SHARDS),
  );
  const given = settings.find('INGESTOR_SHARDS', 'shards');
  if (count === undefined) {
    const index = settings.find('INGESTOR_SHARD_INDEX', 'shardIndex');
    if (index && !given) settings.report(index.origin, 'shard_index', 'is set without a number of shards', HOW_MANY);
    return undefined;
  }
  const own = settings.find('INGESTOR_SHARD_INDEX', 'shardIndex') !== undefined;
  const variable = own ? 'INGESTOR_SHARD_INDEX' : 'JOB_COMPLETION_INDEX';
  const before = settings.problems.length;
  const index = settings.read<number | undefined>(
    'shard_index',
    { variable, flag: 'shardIndex', fallback: count === 1 ? 0 : undefined },
    wholeNumber(0, count - 1),
  );
  if (index === undefined) {
    const missing = `does not say which of the ${count} shards this is`;
    if (settings.problems.length === before) settings.report(given!.origin, 'shard_index', missing, WHICH);
    return undefined;
  }
  if (count === 1) return undefined;
  if (database === 'sqlite') settings.report(given!.origin, 'shards', 'needs a database server', SERVER);
  return { index, count };
}

const HOW_MANY = 'Set --shards (INGESTOR_SHARDS) too, with the same number for every process.';
const WHICH =
  'Set --shard-index (INGESTOR_SHARD_INDEX), which starts at 0. In an Indexed Job Kubernetes sets JOB_COMPLETION_INDEX.';
const SERVER = 'Set MYSQL_HOST, since the embedded database is for one process, or omit --shards.';
