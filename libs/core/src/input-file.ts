import * as fs from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The bytes that are read at a time. */
const CHUNK = 64 << 10;
/** The wait between two reads of a pipe that is still empty. */
const POLL_MS = 20;
/** How long a pipe may stay silent before reading it fails. */
const SILENCE_MS = 30_000;
/** The synchronous limit is shorter, since the process handles nothing meanwhile, not even a signal. */
const SILENCE_SYNC_MS = 5_000;

/** Linux shows its state and devices as files in these folders, among them the environment with its passwords. */
const SYSTEM_FOLDER = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;
/** The file systems that show such state, wherever they are mounted: procfs, sysfs, devpts, debugfs, tracefs, securityfs, cgroup, cgroup2, bpf, configfs. */
const SYSTEM_VOLUMES = new Set([
  ...[0x9fa0, 0x62656572, 0x1cd1, 0x64626720, 0x74726163],
  ...[0x73636673, 0x27e0eb, 0x63677270, 0xcafe4a11, 0x62656570],
]);

/** A path that cannot be read, or that must not be. */
export class UnusableInput extends Error {
  /** `message` completes a sentence whose subject is the path: `does not exist`, `is a folder`. */
  constructor(
    readonly why: 'missing' | 'kind' | 'system' | 'size' | 'silent' | 'unreadable',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'UnusableInput';
  }
}

export interface InputOptions {
  /** Allows a pipe, such as the `<(command)` of a shell. Default: false. */
  pipes?: boolean;
}

export interface ReadOptions extends InputOptions {
  /** In bytes. A larger file is refused before it has been read completely. */
  limit: number;
  /** How long a pipe may stay silent before reading it fails, in milliseconds. */
  silenceMs?: number;
}

/**
 * Checks that a path leads to a regular file or a folder, and not to the system's own state. It follows links. Throws
 * `UnusableInput`.
 */
export function checkInput(
  path: string,
  kind: 'file' | 'folder' = 'file',
  { pipes = false }: InputOptions = {},
): fs.Stats {
  try {
    const stats = fs.statSync(path);
    checkKind(stats, kind, pipes);
    // A pipe has no real path, and neither has a file that was deleted while it is open.
    checkNotSystem(
      path,
      pathOrUndefined(() => fs.realpathSync.native(path)),
    );
    return stats;
  } catch (error) {
    throw unusable(error);
  }
}

/**
 * Opens a file for reading. It does not wait for a writer if the path is a pipe. It checks the open file rather than the
 * path, so that a link that is swapped meanwhile makes no difference. Throws `UnusableInput`.
 */
export async function openInput(path: string, options: InputOptions = {}): Promise<FileHandle> {
  // Opening a device may have an effect, so the path is checked before it is opened.
  checkInput(path, 'file', options);
  try {
    const file = await open(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      checkOpen(file.fd, path, options);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    throw unusable(error);
  }
}

/**
 * Returns the bytes of a file and handles signals meanwhile. A pipe is read once; later calls return the same bytes. Throws
 * `UnusableInput`.
 */
export async function readInput(path: string, options: ReadOptions): Promise<Buffer> {
  const { silenceMs = SILENCE_MS } = options;
  const file = await openInput(path, options);
  try {
    const reader = new ChunkReader(file.fd, options.limit);
    for (let last = performance.now(); !reader.isDone;) {
      if (reader.readChunk()) last = performance.now();
      else if (performance.now() - last > silenceMs) throw silent(silenceMs);
      else await sleep(POLL_MS);
    }
    return reader.content;
  } catch (error) {
    throw unusable(error);
  } finally {
    await file.close();
  }
}

/** As `readInput`, for small files and for code that cannot await. It waits for a pipe for 5 seconds by default. */
export function readInputSync(path: string, options: ReadOptions): Buffer {
  const { silenceMs = SILENCE_SYNC_MS } = options;
  checkInput(path, 'file', options);
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    checkOpen(fd, path, options);
    const reader = new ChunkReader(fd, options.limit);
    for (const started = performance.now(); !reader.isDone;) {
      if (reader.readChunk()) continue;
      if (performance.now() - started > silenceMs) throw silent(silenceMs);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
    return reader.content;
  } catch (error) {
    throw unusable(error);
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** The contents of pipes by their identity, since a pipe can be read only once. */
const pipeContents = new Map<string, Buffer>();

/** Reads an open file in chunks and never blocks. */
class ChunkReader {
  isDone = false;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #isPipe: boolean;

  constructor(
    private readonly fd: number,
    private readonly limit: number,
  ) {
    this.#isPipe = fs.fstatSync(fd).isFIFO();
    const known = this.#isPipe ? pipeContents.get(this.#identity()) : undefined;
    if (!known) return;
    this.#chunks.push(known);
    this.isDone = true;
  }

  get content(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Reads one chunk. Returns false if there is none yet. */
  readChunk(): boolean {
    const chunk = this.#read();
    if (chunk === undefined) return false;
    // A named pipe reads as empty until a writer has opened it.
    if (chunk.length === 0 && this.#isPipe && this.#bytes === 0 && pathOf(this.fd)?.startsWith('/')) return false;
    this.#bytes += chunk.length;
    if (this.#bytes > this.limit) throw new UnusableInput('size', `has more than ${this.limit} bytes`);
    this.#chunks.push(chunk);
    this.isDone = chunk.length === 0;
    if (this.isDone && this.#isPipe) pipeContents.set(this.#identity(), this.content);
    return true;
  }

  #read(): Buffer | undefined {
    try {
      const chunk = Buffer.allocUnsafe(CHUNK);
      return chunk.subarray(0, fs.readSync(this.fd, chunk));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
      throw error;
    }
  }

  #identity(): string {
    const { dev, ino, mtimeNs } = fs.fstatSync(this.fd, { bigint: true });
    return `${dev}:${ino}:${mtimeNs}`;
  }
}

function checkOpen(fd: number, path: string, { pipes = false }: InputOptions): void {
  checkKind(fs.fstatSync(fd), 'file', pipes);
  checkNotSystem(pathOf(fd) === undefined ? path : `/proc/self/fd/${fd}`, pathOf(fd) ?? fs.realpathSync.native(path));
}

/** Returns the path of an open file, even if another file has its name by now, or `undefined` if the system does not show it. */
function pathOf(fd: number): string | undefined {
  return pathOrUndefined(() => fs.readlinkSync(`/proc/self/fd/${fd}`));
}

function pathOrUndefined(find: () => string): string | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

function checkKind(stats: fs.Stats, kind: 'file' | 'folder', pipes: boolean): void {
  const isUsable = kind === 'folder' ? stats.isDirectory() : stats.isFile() || (pipes && stats.isFIFO());
  if (!isUsable) throw new UnusableInput('kind', kind === 'folder' ? 'is not a folder' : `is ${nameKind(stats)}`);
}

function nameKind(stats: fs.Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** `real` is the path after all links, or `undefined` for a file without one. */
function checkNotSystem(path: string, real: string | undefined): void {
  const isSystem =
    (real !== undefined && SYSTEM_FOLDER.test(real)) ||
    (process.platform === 'linux' && SYSTEM_VOLUMES.has(fs.statfsSync(path).type));
  if (isSystem) {
    throw new UnusableInput(
      'system',
      `leads to ${real ?? path}, where the system shows its own state; name a file with data`,
    );
  }
}

function silent(ms: number): UnusableInput {
  return new UnusableInput('silent', `is a pipe to which nothing was written for ${ms / 1000} seconds`);
}

function unusable(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof UnusableInput || code === undefined) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new UnusableInput('missing', 'does not exist', error);
  return new UnusableInput('unreadable', `cannot be read (${code})`, error);
}
