import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngestorError } from '@tracebloc/ingestor-contract';
import { storageLost } from '../errors.js';
import { identityOf } from '../identity.js';
import { guardVolume } from './errors.js';
import { FileStaging } from './file-staging.js';
import { type HashedFile, type ListChecksum, readHashList } from './hash-list.js';

/** The beginning of the name of a folder that is no dataset's any more; the run's id follows. */
const RETIRED = 'retired-';

/** Holds what is on the way, and who made which folder; on the same volume, so that a rename moves a whole folder. */
const OWN_FOLDER = '.ingestor';

/**
 * The datasets' folders on the shared volume: `<storage>/<table>`. Folders that this program did not make are never
 * touched. Every method may be repeated after it was cut off, and then finishes what it began.
 */
export class DatasetFolders {
  /** Of `storage`; undefined as long as it is not there. */
  #root: string | undefined;

  /** `storage` is the mount of the shared volume; absolute. */
  constructor(private readonly storage: string) {
    this.#root = identityOf(storage);
  }

  /** Throws `storage-lost` where another folder is there than when this was made, or none. */
  async confirmPlace(): Promise<void> {
    const now = identityOf(this.storage);
    if (this.#root !== undefined && now !== this.#root) throw storageLost(`The shared volume at ${this.storage}`);
    this.#root = now;
  }

  /** Where a table's files lie, whether there are any or not. */
  folderOf(table: string): string {
    return join(this.storage, table);
  }

  /** The run whose files the table's folder holds; nothing for a folder that this program did not make. */
  async ownerOf(table: string): Promise<string | undefined> {
    return readFile(this.#owner(table), 'utf8').catch(() => undefined);
  }

  /** Whether there are files of the run: staged, or published as the table's. */
  async holds(runId: string, table: string): Promise<boolean> {
    return (await this.ownerOf(table)) === runId || (await exists(this.#staging(runId)));
  }

  /** Whether something stands where the table's folder would. */
  async isTaken(table: string): Promise<boolean> {
    return exists(this.folderOf(table));
  }

  /**
   * Opens the run's staging folder, with what earlier processes of the run brought there. Each shard of a run may have it
   * open at once.
   */
  async stage(runId: string, shard = 0): Promise<FileStaging> {
    const [partial, list] = [this.#partial(runId), this.#hashes(runId)].map((folder) => join(folder, String(shard)));
    return FileStaging.open(this.#staging(runId), partial!, list!, this.storage);
  }

  /**
   * The files that the run brought, with the hashes of their sources, as every process of it listed them; a file may be in
   * the lists of several. What was read is added to `checksum`.
   */
  async *hashesOf(runId: string, checksum: ListChecksum): AsyncGenerator<HashedFile, void> {
    const folder = this.#hashes(runId);
    for (const shard of await namesIn(folder)) yield* readHashList(join(folder, shard), checksum);
  }

  /** Removes the run's staging folder, if there is one. */
  async dropStaging(runId: string): Promise<void> {
    await guardVolume(this.storage, async () => {
      await Promise.all([this.#staging(runId), this.#partial(runId), this.#hashes(runId)].map(remove));
    });
  }

  /**
   * Gives the run's staging folder the table's name; a folder of an earlier dataset is removed. Throws an
   * `IngestorError` where the staging folder is gone.
   */
  async publish(runId: string, table: string): Promise<void> {
    await guardVolume(this.storage, async () => {
      const [folder, retired] = [this.folderOf(table), this.#retired(runId)];
      if (await exists(this.#staging(runId))) {
        const owner = await this.ownerOf(table);
        if (owner === undefined && (await exists(folder))) throw folderTaken(folder);
        if (owner !== undefined && owner !== runId) await remove(this.#hashes(owner));
        // Said first: whatever comes after is then known to be ours.
        await mkdir(join(this.storage, OWN_FOLDER, 'folders'), { recursive: true });
        await writeFile(this.#owner(table), runId);
        if (await exists(folder)) await rename(folder, retired);
        await rename(this.#staging(runId), folder);
      } else if ((await this.ownerOf(table)) !== runId || !(await exists(folder))) {
        throw filesMissing(runId, table);
      }
      await Promise.all([retired, this.#partial(runId)].map(remove));
    });
  }

  /** Removes the table's folder, if this program made it. */
  async remove(table: string): Promise<void> {
    const owner = await this.ownerOf(table);
    if (owner === undefined) return;
    await guardVolume(this.storage, async () => {
      const retired = this.#retired(owner);
      if (await exists(this.folderOf(table))) await rename(this.folderOf(table), retired);
      await Promise.all([retired, this.#hashes(owner)].map(remove));
      await rm(this.#owner(table), { force: true });
    });
  }

  /** Every run's folders of files on the way, or no longer wanted, by the run's id; absolute. */
  async runTraces(): Promise<Map<string, string[]>> {
    const own = join(this.storage, OWN_FOLDER);
    const traces = new Map<string, string[]>();
    const add = (runId: string, folder: string) => traces.set(runId, [...(traces.get(runId) ?? []), folder]);
    return guardVolume(this.storage, async () => {
      for (const kind of ['staging', 'partial']) {
        for (const runId of await namesIn(join(own, kind))) add(runId, join(own, kind, runId));
      }
      for (const name of await namesIn(own)) {
        if (name.startsWith(RETIRED)) add(name.slice(RETIRED.length), join(own, name));
      }
      const owners = await this.#owners();
      for (const runId of await namesIn(join(own, 'hashes'))) {
        if (!owners.has(runId)) add(runId, this.#hashes(runId));
      }
      return traces;
    });
  }

  /** Removes what `runTraces` tells of the run. */
  async dropTraces(runId: string): Promise<void> {
    await guardVolume(this.storage, async () => {
      const hashes = (await this.#owners()).has(runId) ? [] : [this.#hashes(runId)];
      await Promise.all([this.#staging(runId), this.#partial(runId), this.#retired(runId), ...hashes].map(remove));
    });
  }

  /** The runs that have datasets, perhaps in another database. */
  async #owners(): Promise<Set<string | undefined>> {
    const tables = await namesIn(join(this.storage, OWN_FOLDER, 'folders'));
    return new Set(await Promise.all(tables.map((table) => this.ownerOf(table))));
  }

  #staging(runId: string): string {
    return join(this.storage, OWN_FOLDER, 'staging', runId);
  }

  #partial(runId: string): string {
    return join(this.storage, OWN_FOLDER, 'partial', runId);
  }

  #hashes(runId: string): string {
    return join(this.storage, OWN_FOLDER, 'hashes', runId);
  }

  #retired(runId: string): string {
    return join(this.storage, OWN_FOLDER, RETIRED + runId);
  }

  #owner(table: string): string {
    return join(this.storage, OWN_FOLDER, 'folders', table);
  }
}

/** Another shard of a run that is being dropped may still bring a file: then the folder is not empty at the first try. */
const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5 });

async function namesIn(folder: string): Promise<string[]> {
  return (await exists(folder)) ? (await readdir(folder)).sort() : [];
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A folder stands where a dataset's should that this program did not make, or made for a run of another database. */
export function folderTaken(folder: string, owner?: string): IngestorError {
  const whose = owner === undefined ? "is not a dataset of this program's" : `holds run ${owner} of another database`;
  return new IngestorError({
    code: 'folder-exists',
    message: `The folder ${folder}, where the dataset's files go, exists and ${whose}.`,
    fix: 'Choose another table name, or move the folder away: it is never overwritten, not even with --overwrite.',
  });
}

function filesMissing(runId: string, table: string): IngestorError {
  return new IngestorError({
    code: 'staged-files-missing',
    message: `The files that run ${runId} staged for table ${table} are gone from the shared volume.`,
    fix: 'Run again with --restart: it drops what is left of that run and begins anew.',
  });
}
