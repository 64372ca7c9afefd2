import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../errors/catalogue.js';
import type { Database } from '../database/types.js';
import { exists, findFolder, makeFolder, unless } from './own-folders.js';

/** The database whose datasets the folders hold. */
export type FolderOwner = Pick<Database, 'identity' | 'description'> & { ledger: Pick<Database['ledger'], 'get'> };

/** States which run of which database owns a table's folder. */
export interface Claim {
  /** See `Database.identity`. It is absent in claims of earlier versions, which name the run only. */
  database?: string;
  /** The description of the database for people. */
  description?: string;
  table?: string;
  /** Empty if the claim cannot be read. */
  runId: string;
  /** True if the folder holds the run's files, or will in a moment; false if the run has only reserved the name. */
  published: boolean;
}

/** The limit in bytes of a claim, which is a line of JSON. */
const MOST_BYTES = 4096;
/** The errors of volumes without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * The claims on the volume, `.ingestor/folders/<table>`. Only one of several databases can make a claim. Afterwards only that
 * database changes or removes it, under the table's lock, so that its own claims stay its own. A claim does not expire: it
 * is removed with the dataset or the run.
 */
export class FolderClaims {
  /** `ownFolder` is the name of the program's own folder on the volume. */
  constructor(
    private readonly storage: string,
    private readonly ownFolder: string,
    private readonly owner: FolderOwner,
  ) {}

  /** Returns undefined if nobody has claimed the table's folder. */
  async read(table: string): Promise<Claim | undefined> {
    const folder = await findFolder(this.storage, this.ownFolder, 'folders');
    return folder === undefined ? undefined : readClaim(join(folder, table));
  }

  /** Returns the tables whose folders are claimed by any database. */
  async tables(): Promise<string[]> {
    const folder = await findFolder(this.storage, this.ownFolder, 'folders');
    return folder === undefined ? [] : (await readdir(folder)).sort();
  }

  async isOurs({ database, table: claimed, runId }: Claim, table: string): Promise<boolean> {
    if (database !== undefined) return claimed === table && database === (await this.owner.identity());
    return runId !== '' && (await this.owner.ledger.get(runId))?.table === table;
  }

  /** Returns this database's claim, if any. Throws `folder-exists` if the folder belongs to somebody else. */
  async check(table: string): Promise<Claim | undefined> {
    const claim = await this.read(table);
    const folder = join(this.storage, table);
    if (claim && !(await this.isOurs(claim, table))) throw await this.#taken(table, claim);
    if (!claim?.published && (await exists(folder))) throw folderUnknown(folder);
    return claim;
  }

  /**
   * Reserves the folder for the run, unless it holds the dataset that the run replaces. Throws `folder-exists` if it belongs
   * to somebody else.
   */
  async reserve(runId: string, table: string): Promise<Claim> {
    for (;;) {
      const claim = await this.check(table);
      if (claim?.published || claim?.runId === runId) return claim;
      const reserved = await this.#claimOf(runId, table, false);
      if (claim) {
        await this.#replace(table, reserved);
        return reserved;
      }
      if (await this.#create(table, reserved)) return reserved;
    }
  }

  /** Marks the folder as the run's in one step. The database must own the claim. */
  async publish(runId: string, table: string): Promise<void> {
    await this.#replace(table, await this.#claimOf(runId, table, true));
  }

  /** Removes the run's reservation. Does nothing if the run has published, or if another run owns the claim. */
  async release(runId: string, table: string): Promise<void> {
    const isReserved = (claim: Claim | undefined) => claim?.runId === runId && !claim.published;
    if (!isReserved(await this.read(table))) return;
    // Another run of the database may have taken the claim over, which is certain only after the claim was moved away.
    const aside = await this.#aside(runId);
    await rename(this.path(table), aside).catch(unless('ENOENT'));
    const released = await readClaim(aside);
    if (released && !isReserved(released)) await link(aside, this.path(table)).catch(unless('EEXIST'));
    await unlink(aside).catch(unless('ENOENT'));
  }

  /** Removes the claim, which this database must own. */
  async remove(table: string): Promise<void> {
    await unlink(this.path(table)).catch(unless('ENOENT'));
  }

  path(table: string): string {
    return join(this.storage, this.ownFolder, 'folders', table);
  }

  async #claimOf(runId: string, table: string, published: boolean): Promise<Claim> {
    const { description } = this.owner;
    return { database: await this.owner.identity(), description, table, runId, published };
  }

  /** Returns false if somebody else was faster. */
  async #create(table: string, claim: Claim): Promise<boolean> {
    const path = await this.#makePath(table);
    const whole = await this.#write(claim);
    try {
      // A link is complete even if the process is killed, unlike a file that is created and then written.
      await link(whole, path);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      if (!NO_LINKS.includes(code)) throw error;
      const created = await writeFile(path, textOf(claim), { flag: 'wx' }).then(() => true, unless('EEXIST'));
      return created === true;
    } finally {
      await unlink(whole);
    }
    return true;
  }

  async #replace(table: string, claim: Claim): Promise<void> {
    await rename(await this.#write(claim), await this.#makePath(table));
  }

  /** Writes the claim to a temporary file. */
  async #write(claim: Claim): Promise<string> {
    const path = await this.#aside(claim.runId);
    await writeFile(path, textOf(claim), { flag: 'wx' });
    return path;
  }

  async #makePath(table: string): Promise<string> {
    return join(await makeFolder(this.storage, this.ownFolder, 'folders'), table);
  }

  /** Returns a new path in the run's folder of partial files. */
  async #aside(runId: string): Promise<string> {
    return join(await makeFolder(this.storage, this.ownFolder, 'partial', runId), `claim-${randomUUID()}`);
  }

  async #taken(table: string, claim: Claim): Promise<IngestorError> {
    const { database, description = 'another database', runId, published, table: claimed = table } = claim;
    const [folder, path] = [join(this.storage, table), this.path(table)];
    const where = `The folder ${folder}, where the dataset's files go,`;
    if (runId === '') {
      const message = `${where} cannot be used: ${path}, which names its owner, is a link or cannot be read.`;
      return folderExists(message, [OTHER_NAME, `Find out who made it; remove it if no run is ingesting ${table}.`]);
    }
    if (database !== undefined && database === (await this.owner.identity())) {
      const message = `${where} is that of table ${claimed}: this volume ignores case in names.`;
      return folderExists(message, 'Choose a table name that differs in more than case.');
    }
    const state = published ? `holds run ${runId}` : `is reserved by run ${runId}`;
    return folderExists(`${where} ${state} of another database: ${description}.`, [
      OTHER_NAME,
      published
        ? `Or, with that database, delete the dataset: ingestor datasets delete ${claimed}`
        : `Or, with that database, remove the run: ingestor runs clean ${runId} --unfinished`,
      published
        ? `If that database no longer exists, move the folder away and remove ${path}`
        : `If that database no longer exists: ingestor runs clean ${runId} --foreign`,
    ]);
  }
}

function textOf(claim: Claim): string {
  return `${JSON.stringify(claim)}\n`;
}

async function readClaim(path: string): Promise<Claim | undefined> {
  const unreadable: Claim = { runId: '', published: true };
  let text: string;
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
      text = buffer.toString('utf8', 0, bytesRead).trim();
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (['ELOOP', 'EISDIR', 'EAGAIN', 'ESPIPE', 'ENXIO'].includes(code)) return unreadable;
    throw error;
  }
  // An earlier version wrote only the id of the run that had published the folder.
  if (/^[\w-]{1,64}$/.test(text)) return { runId: text, published: true };
  try {
    const { database, description, table, runId, published } = JSON.parse(text) as Partial<Claim>;
    if ([database, description, table, runId].every((part) => typeof part === 'string') && runId !== '') {
      return { database, description, table, runId: runId!, published: published === true };
    }
  } catch {
    // An unreadable claim is returned below.
  }
  return unreadable;
}

const OTHER_NAME = 'Choose another table name, or another STORAGE_PATH.';

/** This program did not make the folder that is in the place of the dataset's. */
function folderUnknown(folder: string): IngestorError {
  return folderExists(
    `The folder ${folder}, where the dataset's files go, exists and is not a dataset of this program.`,
    'Choose another table name, or move the folder away: it is never overwritten, not even with --overwrite.',
  );
}

function folderExists(message: string, fix: string | string[]): IngestorError {
  return STORAGE_ERRORS.make('folder-exists', { message, fix });
}
