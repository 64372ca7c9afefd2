import { randomUUID } from 'node:crypto';
import { access, constants, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Devices and what stands for open files: they keep their names, and are written to as they are. */
const SPECIAL = /^\/(dev|proc)\//;

/** A file that is written once all of its text is there, and that has its name only when it is whole. */
export class OutputFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = resolve(path);
  }

  /**
   * Throws the system's error, such as EISDIR, EACCES or ENOSPC, where the file could not be written now. Leaves nothing
   * behind.
   */
  async probe(): Promise<void> {
    const path = await this.#target();
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
    if (there) await access(path, constants.W_OK);
    // A pipe would wait for its reader, and a terminal show it.
    if (there?.isFIFO() || there?.isSocket()) return;
    if (SPECIAL.test(path)) return probeDevice(path);
    const temporary = temporaryFor(path);
    try {
      // A file without a byte has room on a full disk.
      await writeFile(temporary, '\n', { flag: 'wx' });
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Throws the system's error; then what had the name before has it still. */
  async write(text: string): Promise<void> {
    const path = await this.#target();
    const there = await stat(path).catch(() => undefined);
    if (SPECIAL.test(path) || (there && !there.isFile())) return writeFile(path, text);
    const temporary = temporaryFor(path);
    try {
      await writeFile(temporary, text, { flag: 'wx', mode: there?.mode });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** A link keeps its name; what it leads to is replaced. */
  async #target(): Promise<string> {
    return SPECIAL.test(this.#path) ? this.#path : realpath(this.#path).catch(() => this.#path);
  }
}

/** White space before a document means nothing. */
async function probeDevice(path: string): Promise<void> {
  const handle = await open(path, 'a');
  try {
    if ((await handle.stat()).isCharacterDevice()) await handle.write('\n');
  } finally {
    await handle.close();
  }
}

function temporaryFor(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.part`);
}
