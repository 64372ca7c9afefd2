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

/** Which run of which database has a table's folder. */
export interface Claim {
  /** See `Database.identity`; absent in claims of earlier versions, which tell the run alone. */
  database?: string;
  /** The database, for people. */
  description?: string;
  table?: string;
  /** Empty where the claim cannot be read. */
  runId: string;
  /** The folder holds the run's files, or is just about to; else the run has reserved the name. */
  published: boolean;
}

/** A claim is a line of JSON; what is longer is none. */
const MOST_BYTES = 4096;
/** What a volume that has no hard links answers. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * The claims on the volume, `.ingestor/folders/<table>`. A claim is made where there is none, which one of several
 * databases can do. From then on only its own database, under the table's lock, changes or removes it; so what was
 * found to be one's own claim stays that. It has no end of its own: it goes with the dataset, or with the run.
 */
export class FolderClaims {
  /** `ownFolder` is the name of the program's own folder on the volume. */
  constructor(
    private readonly storage: string,
    private readonly ownFolder: string,
    private readonly owner: FolderOwner,
  ) {}

  /** Returns undefined where nobody has claimed the table's folder. */
  async read(table: string): Promise<Claim | undefined> {
    const folder = await findFolder(this.storage, this.ownFolder, 'folders');
    return folder === undefined ? undefined : readClaim(join(folder, table));
  }

  /** The tables whose folders are claimed, by whatever database. */
  async tables(): Promise<string[]> {
    const folder = await findFolder(this.storage, this.ownFolder, 'folders');
    return folder === undefined ? [] : (await readdir(folder)).sort();
  }

  async isOurs({ database, table: claimed, runId }: Claim, table: string): Promise<boolean> {
    if (database !== undefined) return claimed === table && database === (await this.owner.identity());
    return runId !== '' && (await this.owner.ledger.get(runId))?.table === table;
  }

  /** Returns this database's claim, if there is one. Throws `folder-exists` where the folder is not this database's to take. */
  async check(table: string): Promise<Claim | undefined> {
    const claim = await this.read(table);
    const folder = join(this.storage, table);
    if (claim && !(await this.isOurs(claim, table))) throw await this.#taken(table, claim);
    if (!claim?.published && (await exists(folder))) throw folderUnknown(folder);
    return claim;
  }

  /**
   * Reserves the folder for the run, unless it holds the dataset that the run is to replace. Throws `folder-exists` where it
   * is not this database's to take.
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

  /** Notes, in one step, that the folder is the run's; to be called with a claim of one's own. */
  async publish(runId: string, table: string): Promise<void> {
    await this.#replace(table, await this.#claimOf(runId, table, true));
  }

  /** Gives up what the run has reserved; nothing where it has published since, or another run has the claim. */
  async release(runId: string, table: string): Promise<void> {
    const isReserved = (claim: Claim | undefined) => claim?.runId === runId && !claim.published;
    if (!isReserved(await this.read(table))) return;
    // Another run of the database may have taken the claim over meanwhile, which is seen once it is out of reach.
    const aside = await this.#aside(runId);
    await rename(this.path(table), aside).catch(unless('ENOENT'));
    const released = await readClaim(aside);
    if (released && !isReserved(released)) await link(aside, this.path(table)).catch(unless('EEXIST'));
    await unlink(aside).catch(unless('ENOENT'));
  }

  /** Removes a claim of one's own. */
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

  /** False where somebody else was faster. */
  async #create(table: string, claim: Claim): Promise<boolean> {
    const path = await this.#makePath(table);
    const whole = await this.#write(claim);
    try {
      // Unlike a file that is created and then written, a link is whole whenever the process is killed.
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

  /** Writes the claim beside its place. */
  async #write(claim: Claim): Promise<string> {
    const path = await this.#aside(claim.runId);
    await writeFile(path, textOf(claim), { flag: 'wx' });
    return path;
  }

  async #makePath(table: string): Promise<string> {
    return join(await makeFolder(this.storage, this.ownFolder, 'folders'), table);
  }

  /** A name of its own among what the run has on the way. */
  async #aside(runId: string): Promise<string> {
    return join(await makeFolder(this.storage, this.ownFolder, 'partial', runId), `claim-${randomUUID()}`);
  }

  async #taken(table: string, claim: Claim): Promise<IngestorError> {
    const { database, description = 'another database', runId, published, table: claimed = table } = claim;
    const [folder, path] = [join(this.storage, table), this.path(table)];
    const where = `The folder ${folder}, where the dataset's files go,`;
    if (runId === '') {
      const message = `${where} cannot be taken: ${path}, which says whose it is, is a link or cannot be read.`;
      return folderExists(message, [
        OTHER_NAME,
        `Find out who made it; remove it if no ingest of ${table} is at work.`,
      ]);
    }
    if (database !== undefined && database === (await this.owner.identity())) {
      const message = `${where} is that of table ${claimed}: this volume does not tell upper from lower case.`;
      return folderExists(message, 'Choose a table name that differs in more than case.');
    }
    const state = published ? `holds run ${runId}` : `is reserved by run ${runId}`;
    return folderExists(`${where} ${state} of another database: ${description}.`, [
      OTHER_NAME,
      published
        ? `Or, with that database, delete the dataset: ingestor datasets delete ${claimed}`
        : `Or, with that database, give the run up: ingestor runs clean ${runId} --unfinished`,
      published
        ? `If that database is gone for good, move the folder away and remove ${path}`
        : `If that database is gone for good: ingestor runs clean ${runId} --foreign`,
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
  // Of an earlier version: the id of the run that has published it.
  if (/^[\w-]{1,64}$/.test(text)) return { runId: text, published: true };
  try {
    const { database, description, table, runId, published } = JSON.parse(text) as Partial<Claim>;
    if ([database, description, table, runId].every((part) => typeof part === 'string') && runId !== '') {
      return { database, description, table, runId: runId!, published: published === true };
    }
  } catch {
    // Told below.
  }
  return unreadable;
}

const OTHER_NAME = 'Choose another table name, or another STORAGE_PATH.';

/** A folder stands where a dataset's should that this program did not make. */
function folderUnknown(folder: string): IngestorError {
  return folderExists(
    `The folder ${folder}, where the dataset's files go, exists and is not a dataset of this program's.`,
    'Choose another table name, or move the folder away: it is never overwritten, not even with --overwrite.',
  );
}

function folderExists(message: string, fix: string | string[]): IngestorError {
  return STORAGE_ERRORS.make('folder-exists', { message, fix });
}
