import type { DatasetRecord, RecordFile } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { changeSince } from '@tracebloc/ingestor-dataset';
import {
  ColumnChecksums,
  differingColumns,
  ListChecksum,
  readHashing,
  withFile,
  type Checksums,
  type RunRow,
} from '@tracebloc/ingestor-storage';
import { hash } from 'node:crypto';
import type { RunIdentity, SourceIdentity } from './fingerprint.js';
import type { RunObserver } from '../observer.js';
import type { Stores } from '../stores.js';
import { readShard, type RecordSink } from './read-dataset.js';
import { refuseChange } from './refuse-change.js';

/** A run and the source that is read again for it. */
export interface RereadContext extends Stores {
  config: RunConfig;
  run: RunRow;
  signal: AbortSignal;
  observer: RunObserver;
}

/**
 * Returns whether a source with the same sizes and times as the run's also has the same content: a file can be rewritten
 * with its size and modification time kept. Returns true for a run that is being staged, since its source is read again
 * anyway, and compared.
 */
export async function hasSameContent(
  config: RunConfig,
  run: RunRow,
  identity: RunIdentity,
  context: Omit<RereadContext, 'config' | 'run'>,
): Promise<boolean> {
  if (run.state === 'staging') return true;
  const loaded = await context.database.ledger.checksums(run.runId);
  if (!loaded?.source) return true;
  if (await changeSince(config.source.parts ?? config.source.path, loaded.source, context.signal)) return false;
  if (run.sidecarState === '' || run.sidecarState === identity.sidecarState) return true;
  return isAsLoaded({ ...context, config, run }, loaded, identity);
}

/**
 * Reads the whole source again through its task, and compares every record and file with what the run has loaded. This is
 * for files whose times changed, but perhaps not their content. It takes as long as the first reading. `now` is the
 * source's identity just before; throws `source-changed-while-read` if it is another afterwards.
 */
export async function isAsLoaded(context: RereadContext, loaded: Checksums, now: SourceIdentity): Promise<boolean> {
  const { config, run, signal, observer } = context;
  observer.info('Times of the source files changed, perhaps not their content: reading them again to compare.');
  const expected = await hashesOf(context, loaded);
  if (!expected) return false;
  const sink = new ComparingSink(config, expected);
  const { validation } = await readShard(config, { runId: run.runId, phase: 'validate', signal, observer, sink });
  await refuseChange(config, now);
  return validation.valid && sink.isEqual(loaded);
}

/** Returns the sha256 that each file had when it was loaded, by its name, or `undefined` if the list is damaged. */
async function hashesOf(
  { folders, run }: RereadContext,
  { files }: Checksums,
): Promise<Map<string, string> | undefined> {
  const list = new ListChecksum();
  const digests = new Map<string, string>();
  for await (const files of folders.hashesOf(run.runId, list)) {
    for (const { name, digest } of files) digests.set(name, digest);
  }
  return String(list.result) === String(files ?? [0, 0]) ? digests : undefined;
}

class ComparingSink implements RecordSink {
  readonly wantsFiles = true;
  readonly #checksums: ColumnChecksums;
  readonly #seen = new Set<string>();
  #isEqual = true;

  constructor(
    { columns }: RunConfig,
    private readonly expected: ReadonlyMap<string, string>,
  ) {
    this.#checksums = new ColumnChecksums(columns);
  }

  add(record: DatasetRecord, dataId: string, ordinal: number): Promise<void> | undefined {
    this.#checksums.add(ordinal + 1, record, dataId);
    const files = record.files.filter(({ target }) => !this.#seen.has(target));
    return files.length > 0 ? this.#compare(files) : undefined;
  }

  async flush(): Promise<void> {
    // Nothing is kept.
  }

  isEqual(loaded: Checksums): boolean {
    const found = this.#checksums.result;
    const hasSameRows = found.records === loaded.records && differingColumns(loaded, found).length === 0;
    return this.#isEqual && hasSameRows && this.#seen.size === this.expected.size;
  }

  async #compare(files: readonly RecordFile[]): Promise<void> {
    for (const { source, within, target, content, bytes } of files) {
      this.#seen.add(target);
      const known = content ?? bytes;
      const digest = known
        ? hash('sha256', known)
        : (await withFile(source, within, (file) => readHashing(file))).digest;
      if (this.expected.get(target) !== digest) this.#isEqual = false;
    }
  }
}
