import { randomUUID } from 'node:crypto';
import { access, constants, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Devices and open files are written to directly and keep their names. */
const SPECIAL = /^\/(dev|proc)\//;

/** A file that is written when all of its text is known, and that gets its name only when it is whole. */
export class OutputFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = resolve(path);
  }

  /**
   * Throws the error of the system, such as EISDIR, EACCES or ENOSPC, if the file could not be written now. Leaves
   * nothing behind.
   */
  async probe(): Promise<void> {
    const path = await this.#target();
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
    if (there) await access(path, constants.W_OK);
    // A pipe would wait for its reader, and a terminal would show the text.
    if (there?.isFIFO() || there?.isSocket()) return;
    if (SPECIAL.test(path)) return probeDevice(path);
    const temporary = temporaryFor(path);
    try {
      // A file without a byte fits on a full disk.
      await writeFile(temporary, '\n', { flag: 'wx' });
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Throws the error of the system. A file that had the name before still has it then. */
  async write(text: string): Promise<void> {
    const path = await this.#target();
    const there = await stat(path).catch(() => undefined);
    if (SPECIAL.test(path) || (there && !there.isFile())) return writeFile(path, text);
    const temporary = temporaryFor(path);
    try {
      await writeFile(temporary, text, { flag: 'wx', mode: there?.mode, flush: true });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** A link stays; its target is replaced. */
  async #target(): Promise<string> {
    return SPECIAL.test(this.#path) ? this.#path : realpath(this.#path).catch(() => this.#path);
  }
}

/** White space before a JSON document has no meaning. */
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
