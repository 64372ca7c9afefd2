import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { stagedFilesMissing } from '../errors/tables.js';
import { storageLost } from '../errors/embedded.js';
import { identityOf } from '../ledger/identity.js';
import { FolderClaims, type FolderOwner } from './claims.js';
import { guardReading, guardVolume } from './errors.js';
import { FileStaging } from './file-staging.js';
import { type HashedFile, type ListChecksum, readHashList } from './hash-list.js';
import { exists, findFolder, makeFolder, removeTree } from './own-folders.js';

/** The prefix of the name of a folder that was replaced or removed; the run's id follows. */
const RETIRED = 'retired-';

/** Holds staged files and claims. It is on the same volume, so that a rename moves a whole folder. */
const OWN_FOLDER = '.ingestor';

type Kind = 'staging' | 'partial' | 'hashes';

/**
 * The datasets' folders on the shared volume: `<storage>/<table>`. It never changes folders that this program did not make,
 * or made for another database, and follows no link. Every method may be repeated after an interruption and then finishes
 * its work.
 */
export class DatasetFolders {
  readonly #claims: FolderClaims;
  /** The identity of `storage`; undefined while it does not exist. */
  #root: string | undefined;

  /** `storage` is the absolute path of the shared volume. `owner` is the database of the datasets. */
  constructor(
    private readonly storage: string,
    owner: FolderOwner,
  ) {
    this.#root = identityOf(storage);
    this.#claims = new FolderClaims(storage, OWN_FOLDER, owner);
  }

  /** Throws `storage-lost` if the folder was removed or replaced after this object was created. */
  async confirmPresent(): Promise<void> {
    const now = identityOf(this.storage);
    if (this.#root !== undefined && now !== this.#root) throw storageLost(`The shared volume at ${this.storage}`);
    this.#root = now;
  }

  /** Returns the path of a table's files, which need not exist. */
  folderOf(table: string): string {
    return join(this.storage, table);
  }

  /** Returns the path of the run's files before they are published. */
  stagingOf(runId: string): string {
    return this.#path('staging', runId);
  }

  /** Returns the run whose files the table's folder holds; undefined if it is not a dataset of this database. */
  async ownerOf(table: string): Promise<string | undefined> {
    return guardVolume(this.storage, async () => {
      const claim = await this.#claims.read(table);
      return claim?.published && (await this.#claims.isOurs(claim, table)) ? claim.runId : undefined;
    });
  }

  /** Whether the run has files, staged or published as the table's. */
  async holds(runId: string, table: string): Promise<boolean> {
    return (await this.ownerOf(table)) === runId || (await this.#find('staging', runId)) !== undefined;
  }

  /** Throws `folder-exists` if the table's folder belongs to somebody else. Changes nothing. */
  async check(table: string): Promise<void> {
    await guardVolume(this.storage, () => this.#claims.check(table));
  }

  /**
   * Reserves the table's folder for the run, so that no other database can use it. The caller holds the table's lock. Throws
   * `folder-exists` if the folder belongs to somebody else.
   */
  async reserve(runId: string, table: string): Promise<void> {
    await guardVolume(this.storage, () => this.#claims.reserve(runId, table));
  }

  /**
   * Opens the run's staging folder, which may contain files that earlier processes of the run copied. All shards of a run may
   * have it open at the same time.
   */
  async stage(runId: string, shard = 0): Promise<FileStaging> {
    return guardVolume(this.storage, async () => {
      const partial = join(await this.#make('partial', runId), String(shard));
      const list = async () => join(await this.#make('hashes', runId), String(shard));
      return FileStaging.open(await this.#make('staging', runId), partial, list, this.storage);
    });
  }

  /**
   * Yields the files that the run copied, several at a time, with the hashes of their sources, from the lists of all its processes, or
   * from that of one shard. A file may be in several lists. Each line that is read is added to `checksum`.
   */
  async *hashesOf(runId: string, checksum: ListChecksum, only?: number): AsyncGenerator<HashedFile[], void> {
    const folder = await this.#find('hashes', runId);
    for (const shard of await namesIn(folder)) {
      if (only !== undefined && shard !== String(only)) continue;
      yield* guardReading(this.storage, readHashList(join(folder!, shard), checksum));
    }
  }

  /** Removes the run's staged files and its reservation of the folder. */
  async dropStaging(runId: string, table: string): Promise<void> {
    await guardVolume(this.storage, async () => {
      await this.#claims.release(runId, table);
      for (const kind of ['staging', 'partial', 'hashes'] as const) await this.#remove(kind, runId);
    });
  }

  /**
   * Gives the run's staging folder the table's name; a folder of an earlier dataset is removed. Throws
   * `StagingGoneError` if the staging folder is gone, and `folder-exists` if the table's folder belongs to somebody else.
   */
  async publish(runId: string, table: string): Promise<void> {
    await guardVolume(this.storage, async () => {
      const folder = this.folderOf(table);
      const staging = await this.#find('staging', runId);
      if (staging !== undefined) {
        // An earlier version reserved no folder for the runs that it staged.
        const claim = await this.#claims.reserve(runId, table);
        if (claim.published && claim.runId !== runId) await this.#remove('hashes', claim.runId);
        // The claim is written first, so that the folder is known to be ours from then on.
        if (!claim.published || claim.runId !== runId) await this.#claims.publish(runId, table);
        if (await exists(folder)) await rename(folder, this.#retired(runId));
        await rename(staging, folder);
      } else if ((await this.ownerOf(table)) !== runId || !(await exists(folder))) {
        throw stagedFilesMissing(runId, table);
      }
      await removeTree(this.#retired(runId));
      await this.#remove('partial', runId);
    });
  }

  /**
   * Moves the table's folder away if it is a dataset of this database. `remove` or `putBack` continue from there. The caller
   * of each holds the table's lock.
   */
  async setAside(table: string): Promise<void> {
    const runId = await this.ownerOf(table);
    if (runId === undefined) return;
    await guardVolume(this.storage, async () => {
      if (!(await exists(this.folderOf(table)))) return;
      // An interrupted publication may have left the folder that it replaced.
      await removeTree(this.#retired(runId));
      await rename(this.folderOf(table), this.#retired(runId));
    });
  }

  /** Whether `setAside` has moved the table's folder away and nothing happened to it since. */
  async isSetAside(table: string): Promise<boolean> {
    const runId = await this.ownerOf(table);
    if (runId === undefined) return false;
    return guardVolume(this.storage, async () => {
      if ((await exists(this.folderOf(table))) || !(await exists(this.#retired(runId)))) return false;
      // If there is a staging folder, a publication has moved the folder away.
      return (await this.#find('staging', runId)) === undefined;
    });
  }

  /** Undoes `setAside`, if it was called. */
  async putBack(table: string): Promise<void> {
    if (!(await this.isSetAside(table))) return;
    const runId = (await this.ownerOf(table))!;
    await guardVolume(this.storage, () => rename(this.#retired(runId), this.folderOf(table)));
  }

  /** Removes the table's folder if it is a dataset of this database. */
  async remove(table: string): Promise<void> {
    const runId = await this.ownerOf(table);
    if (runId === undefined) return;
    await this.setAside(table);
    await guardVolume(this.storage, async () => {
      await removeTree(this.#retired(runId));
      await this.#remove('hashes', runId);
      await this.#claims.remove(table);
    });
  }

  /**
   * Returns the absolute paths of every run's leftovers by the run's id: folders of staged, partial and replaced files, and
   * claims of runs that have published nothing.
   */
  async runLeftovers(): Promise<Map<string, string[]>> {
    const leftovers = new Map<string, string[]>();
    const add = (runId: string, path: string) => leftovers.set(runId, [...(leftovers.get(runId) ?? []), path]);
    return guardVolume(this.storage, async () => {
      for (const kind of ['staging', 'partial'] as const) {
        for (const runId of await namesIn(await this.#find(kind))) add(runId, this.#path(kind, runId));
      }
      for (const name of await namesIn(await findFolder(this.storage, OWN_FOLDER))) {
        if (name.startsWith(RETIRED)) add(name.slice(RETIRED.length), join(this.storage, OWN_FOLDER, name));
      }
      const published = new Set<string>();
      for (const table of await this.#claims.tables()) {
        const claim = await this.#claims.read(table);
        if (claim?.published) published.add(claim.runId);
        else if (claim) add(claim.runId, this.#claims.path(table));
      }
      for (const runId of await namesIn(await this.#find('hashes'))) {
        if (!published.has(runId)) add(runId, this.#path('hashes', runId));
      }
      return leftovers;
    });
  }

  /** Removes what `runLeftovers` returns for the run. It is faster if the table is given. */
  async dropLeftovers(runId: string, table?: string): Promise<void> {
    await guardVolume(this.storage, async () => {
      let isPublished = false;
      for (const claimed of table === undefined ? await this.#claims.tables() : [table]) {
        await this.#claims.release(runId, claimed);
        const claim = await this.#claims.read(claimed);
        isPublished ||= claim?.runId === runId && claim.published;
      }
      for (const kind of ['staging', 'partial'] as const) await this.#remove(kind, runId);
      await removeTree(this.#retired(runId));
      if (!isPublished) await this.#remove('hashes', runId);
    });
  }

  #path(kind: Kind, runId: string): string {
    return join(this.storage, OWN_FOLDER, kind, runId);
  }

  #retired(runId: string): string {
    return join(this.storage, OWN_FOLDER, RETIRED + runId);
  }

  async #make(kind: Kind, runId: string): Promise<string> {
    return makeFolder(this.storage, OWN_FOLDER, kind, runId);
  }

  async #find(kind: Kind, ...runId: string[]): Promise<string | undefined> {
    return findFolder(this.storage, OWN_FOLDER, kind, ...runId);
  }

  async #remove(kind: Kind, runId: string): Promise<void> {
    const folder = await this.#find(kind);
    if (folder !== undefined) await removeTree(join(folder, runId));
  }
}

async function namesIn(folder: string | undefined): Promise<string[]> {
  return folder === undefined ? [] : (await readdir(folder)).sort();
}
