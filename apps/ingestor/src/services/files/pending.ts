import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, statSync } from 'node:fs';
import { mkdir, open, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { makeError } from '../../errors.js';

interface PendingFile {
  path: string;
  /** The path at which it is written, in the same folder. */
  temporary: string;
  handle: FileHandle;
}

/** Files that are written under temporary names and get their names together, when all are whole. */
export class PendingFiles {
  #files: PendingFile[] = [];
  /** The folders that were made, the innermost first. */
  #folders: string[] = [];

  /** Makes a folder and those above it, as far as they do not exist. `discard` removes what was made. */
  async makeFolder(path: string): Promise<void> {
    const missing: string[] = [];
    for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
    for (const folder of missing) {
      await mkdir(folder).catch((cause: unknown) => {
        throw unwritable(path, cause);
      });
      this.#folders.unshift(folder);
    }
  }

  /** Creates a file, to which text is appended. */
  async create(path: string): Promise<{ write(text: string): Promise<void> }> {
    const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
    const handle = await open(temporary, 'wx').catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
    this.#files.push({ path, temporary, handle });
    try {
      // A file without a byte fits on a full disk.
      await handle.write('\n', 0);
      await handle.truncate();
    } catch (cause) {
      throw unwritable(path, cause);
    }
    return {
      write: (text) =>
        handle.writeFile(text).catch((cause: unknown) => {
          throw unwritable(path, cause);
        }),
    };
  }

  /** Gives the files their names. Files that had them before are replaced. */
  async commit(): Promise<void> {
    for (const { path, handle } of this.#files) {
      await handle.sync().catch((cause: unknown) => {
        throw unwritable(path, cause);
      });
      await handle.close();
    }
    // Synchronous, so that no signal interrupts it.
    for (const { path, temporary } of this.#files) {
      try {
        renameSync(temporary, path);
      } catch (cause) {
        throw unwritable(path, cause);
      }
    }
    this.#files = [];
    this.#folders = [];
  }

  /** Removes the files that have no name yet, and the folders that were made for them, unless these have other files. */
  async discard(): Promise<void> {
    for (const { temporary, handle } of this.#files) {
      await handle.close();
      await rm(temporary, { force: true });
    }
    this.#files = [];
    for (const folder of this.#folders) await rmdir(folder).catch(() => undefined);
    this.#folders = [];
  }
}

/** Throws if one of the files exists and may not be replaced. A folder is never replaced. */
export function refuseExisting(paths: readonly string[], force: boolean): void {
  const folder = paths.find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
  if (folder !== undefined) throw unwritable(folder, { code: 'EISDIR' });
  const there = paths.filter((path) => existsSync(path));
  if (force || there.length === 0) return;
  throw makeError('file-exists', {
    message: `${there.join(', ')} ${there.length === 1 ? 'exists' : 'exist'} already.`,
    fix: 'Write to another folder with --output-dir, or replace them with --force.',
  });
}

function unwritable(path: string, cause: unknown): IngestorError {
  const { code } = cause as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return makeError(isFull ? 'storage-full' : 'file-not-writable', {
    message: isFull ? `There is no room left for ${path}.` : `${path} cannot be written: ${code ?? 'unknown error'}.`,
    fix: isFull
      ? 'Free space there, or write elsewhere with --output-dir.'
      : 'Name a folder that can be written to with --output-dir.',
    cause,
  });
}
