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

/** The beginning of the name of a folder that is no dataset's any more; the run's id follows. */
const RETIRED = 'retired-';

/** Holds what is on the way, and who claims which folder; on the same volume, so that a rename moves a whole folder. */
const OWN_FOLDER = '.ingestor';

type Kind = 'staging' | 'partial' | 'hashes';

/**
 * The datasets' folders on the shared volume: `<storage>/<table>`. Folders that this program did not make, or made for
 * another database, are never touched, and no link is followed. Every method may be repeated after it was cut off, and
 * then finishes what it began.
 */
export class DatasetFolders {
  readonly #claims: FolderClaims;
  /** Of `storage`; undefined as long as it is not there. */
  #root: string | undefined;

  /** `storage` is the mount of the shared volume; absolute. `owner` is the database of the datasets. */
  constructor(
    private readonly storage: string,
    owner: FolderOwner,
  ) {
    this.#root = identityOf(storage);
    this.#claims = new FolderClaims(storage, OWN_FOLDER, owner);
  }

  /** Throws `storage-lost` where another folder is there than when this was made, or none. */
  async confirmPresent(): Promise<void> {
    const now = identityOf(this.storage);
    if (this.#root !== undefined && now !== this.#root) throw storageLost(`The shared volume at ${this.storage}`);
    this.#root = now;
  }

  /** Where a table's files lie, whether there are any or not. */
  folderOf(table: string): string {
    return join(this.storage, table);
  }

  /** Where the run's files lie until they are published. */
  stagingOf(runId: string): string {
    return this.#path('staging', runId);
  }

  /** The run whose files the table's folder holds; nothing for a folder that is not a dataset of this database. */
  async ownerOf(table: string): Promise<string | undefined> {
    return guardVolume(this.storage, async () => {
      const claim = await this.#claims.read(table);
      return claim?.published && (await this.#claims.isOurs(claim, table)) ? claim.runId : undefined;
    });
  }

  /** Whether there are files of the run: staged, or published as the table's. */
  async holds(runId: string, table: string): Promise<boolean> {
    return (await this.ownerOf(table)) === runId || (await this.#find('staging', runId)) !== undefined;
  }

  /** Throws `folder-exists` where the table's folder is not this database's to take. Changes nothing. */
  async check(table: string): Promise<void> {
    await guardVolume(this.storage, () => this.#claims.check(table));
  }

  /**
   * Reserves the table's folder for the run, so that no other database takes it; under the table's lock. Throws
   * `folder-exists` where it is not this database's to take.
   */
  async reserve(runId: string, table: string): Promise<void> {
    await guardVolume(this.storage, () => this.#claims.reserve(runId, table));
  }

  /**
   * Opens the run's staging folder, with what earlier processes of the run brought there. Each shard of a run may have it
   * open at once.
   */
  async stage(runId: string, shard = 0): Promise<FileStaging> {
    return guardVolume(this.storage, async () => {
      const partial = join(await this.#make('partial', runId), String(shard));
      const list = async () => join(await this.#make('hashes', runId), String(shard));
      return FileStaging.open(await this.#make('staging', runId), partial, list, this.storage);
    });
  }

  /**
   * The files that the run brought, with the hashes of their sources, as every process of it listed them; a file may be in
   * the lists of several. What was read is added to `checksum`.
   */
  async *hashesOf(runId: string, checksum: ListChecksum): AsyncGenerator<HashedFile, void> {
    const folder = await this.#find('hashes', runId);
    for (const shard of await namesIn(folder)) {
      yield* guardReading(this.storage, readHashList(join(folder!, shard), checksum));
    }
  }

  /** Removes what the run has staged, and gives up the folder that it has reserved. */
  async dropStaging(runId: string, table: string): Promise<void> {
    await guardVolume(this.storage, async () => {
      await this.#claims.release(runId, table);
      for (const kind of ['staging', 'partial', 'hashes'] as const) await this.#remove(kind, runId);
    });
  }

  /**
   * Gives the run's staging folder the table's name; a folder of an earlier dataset is removed. Throws an
   * `IngestorError` where the staging folder is gone, or the table's folder is not this database's to take.
   */
  async publish(runId: string, table: string): Promise<void> {
    await guardVolume(this.storage, async () => {
      const folder = this.folderOf(table);
      const staging = await this.#find('staging', runId);
      if (staging !== undefined) {
        // A run that an earlier version staged has reserved nothing.
        const claim = await this.#claims.reserve(runId, table);
        if (claim.published && claim.runId !== runId) await this.#remove('hashes', claim.runId);
        // Said first: whatever comes after is then known to be ours.
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
   * Takes the table's folder out of sight, if it is a dataset of this database; `remove` and `putBack` go on from there.
   * Under the table's lock, as they are.
   */
  async setAside(table: string): Promise<void> {
    const runId = await this.ownerOf(table);
    if (runId === undefined) return;
    await guardVolume(this.storage, async () => {
      if (!(await exists(this.folderOf(table)))) return;
      // What publishing has replaced and not yet removed.
      await removeTree(this.#retired(runId));
      await rename(this.folderOf(table), this.#retired(runId));
    });
  }

  /** Whether `setAside` was the last that became of the table's folder. */
  async isSetAside(table: string): Promise<boolean> {
    const runId = await this.ownerOf(table);
    if (runId === undefined) return false;
    return guardVolume(this.storage, async () => {
      if ((await exists(this.folderOf(table))) || !(await exists(this.#retired(runId)))) return false;
      // Else it is what a run that is being published replaces.
      return (await this.#find('staging', runId)) === undefined;
    });
  }

  /** Undoes `setAside`; nothing where there is nothing to undo. */
  async putBack(table: string): Promise<void> {
    if (!(await this.isSetAside(table))) return;
    const runId = (await this.ownerOf(table))!;
    await guardVolume(this.storage, () => rename(this.#retired(runId), this.folderOf(table)));
  }

  /** Removes the table's folder, if it is a dataset of this database. */
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
   * Every run's folders of files on the way, or no longer wanted, and the claims of those that have published nothing, by
   * the run's id; absolute.
   */
  async runLeftovers(): Promise<Map<string, string[]>> {
    const traces = new Map<string, string[]>();
    const add = (runId: string, path: string) => traces.set(runId, [...(traces.get(runId) ?? []), path]);
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
      return traces;
    });
  }

  /** Removes what `runLeftovers` tells of the run; faster where its table is known. */
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
