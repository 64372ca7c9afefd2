import { lstatSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shard } from '@tracebloc/ingestor-config';
import { InterruptedError, VolumeSpeed } from '@tracebloc/ingestor-core';
import { mapOrdered } from '@tracebloc/ingestor-dataset';
import { ListChecksum, type ColumnChecksum, type HashedFile } from '@tracebloc/ingestor-storage';
import type { RunContext } from '../run/run-context.js';
import { compareFiles, type ComparedFile } from './compare-files.js';

/**
 * Compares the files that a shard brought with their sources. Returns the state that they had before, with the number of files.
 * Returns `undefined` if one differs: the process that publishes the run then compares them again, and reports it.
 */
export async function compareOwnFiles(
  { folders, run: { runId }, signal }: RunContext,
  { index }: Shard,
): Promise<ColumnChecksum | undefined> {
  const folder = folders.stagingOf(runId);
  const files = () => folders.hashesOf(runId, new ListChecksum(), index);
  try {
    const state = await stateOf(folder, files(), signal);
    for await (const compared of compareFiles(folder, files(), signal)) {
      if (compared.some(({ differs }) => differs)) return undefined;
    }
    return state;
  } catch (error) {
    throw signal.aborted ? new InterruptedError() : error;
  }
}

/**
 * Compares the files of all shards with their sources. Those that a shard has compared are read again only if their state
 * changed since: a change time moves with every write and rename. Yields the entries of the lists, several at a time; `list` sums
 * their lines.
 */
export async function* compareShardFiles(
  { database, folders, run: { runId }, signal }: RunContext,
  folder: string,
  list: ListChecksum,
): AsyncGenerator<Pick<ComparedFile, 'name' | 'differs'>[], void> {
  const readBacks = await database.ledger.readBacks(runId);
  for (const shard of (await database.ledger.shardStates(runId)).keys()) {
    const files = (checksum: ListChecksum) => folders.hashesOf(runId, checksum, shard);
    const compared = readBacks.get(shard)?.files;
    if (compared && String(compared) === String(await stateOf(folder, files(new ListChecksum()), signal))) {
      yield* files(list);
    } else {
      yield* compareFiles(folder, files(list), signal);
    }
  }
}

/** Sums names, sizes and times of the files. A file that cannot be looked at has its error as its state. */
export async function stateOf(
  folder: string,
  files: AsyncIterable<HashedFile[]>,
  signal: AbortSignal,
): Promise<ColumnChecksum> {
  const sum = new ListChecksum();
  const speed = new VolumeSpeed();
  const states = mapOrdered(eachOf(files), async ({ name }) => {
    signal.throwIfAborted();
    const path = join(folder, name);
    try {
      const stats = speed.run(() => lstatSync(path, { bigint: true })) ?? (await lstat(path, { bigint: true }));
      return [name, stats.mode, stats.size, stats.mtimeNs, stats.ctimeNs].join('\0');
    } catch (error) {
      return [name, (error as NodeJS.ErrnoException).code].join('\0');
    }
  });
  for await (const state of states) sum.add(state);
  return sum.result;
}

async function* eachOf<T>(lists: AsyncIterable<readonly T[]>): AsyncGenerator<T, void> {
  for await (const list of lists) yield* list;
}
