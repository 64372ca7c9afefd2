import * as fs from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes read at a time. */
const CHUNK = 64 << 10;
/** Milliseconds between two looks at a pipe that has nothing yet. */
const LOOK_MS = 20;
/** Milliseconds for which a pipe may give nothing. */
const SILENCE_MS = 30_000;
/** The same where nothing else can happen meanwhile, not even a signal. */
const SILENCE_SYNC_MS = 5_000;

/** Where Linux shows its own state and devices as files, among them the environment, with its passwords. */
const SYSTEM_FOLDER = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;
/** The same mounted elsewhere: procfs, sysfs, devpts, debugfs, tracefs, securityfs, cgroup and cgroup2, bpf, configfs. */
const SYSTEM_VOLUMES = new Set([
  ...[0x9fa0, 0x62656572, 0x1cd1, 0x64626720, 0x74726163],
  ...[0x73636673, 0x27e0eb, 0x63677270, 0xcafe4a11, 0x62656570],
]);

/** Why a path is not read. */
export class UnusableInput extends Error {
  /** `message` is the end of a sentence about the path: `does not exist`, `is a folder`. */
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
  /** Whether the path may be a pipe, such as a shell's `<(command)`. Default: false. */
  pipes?: boolean;
}

export interface ReadOptions extends InputOptions {
  /** Bytes; a longer file is refused without being read whole. */
  limit: number;
  /** Milliseconds for which a pipe may give nothing. */
  silenceMs?: number;
}

/**
 * Looks whether a path is one to read input from: a regular file or a folder, wherever links lead, but none of the
 * system's own. Throws `UnusableInput`.
 */
export function checkInput(
  path: string,
  kind: 'file' | 'folder' = 'file',
  { pipes = false }: InputOptions = {},
): fs.Stats {
  try {
    const stats = fs.statSync(path);
    checkKind(stats, kind, pipes);
    // What has no path of its own is a pipe, or a file that was deleted and is still open.
    checkPlace(
      path,
      whereIs(() => fs.realpathSync.native(path)),
    );
    return stats;
  } catch (error) {
    throw unusable(error);
  }
}

/**
 * Opens a file to read input from, without waiting for somebody to write to what is a pipe. What is looked at is the
 * file that is open, so that a link that is swapped makes no difference. Throws `UnusableInput`.
 */
export async function openInput(path: string, options: InputOptions = {}): Promise<FileHandle> {
  // To open a device may do something.
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

/** The bytes of a file, read without holding up signals. A pipe is read once; asked again, it gives the same. */
export async function readInput(path: string, options: ReadOptions): Promise<Buffer> {
  const { silenceMs = SILENCE_MS } = options;
  const file = await openInput(path, options);
  try {
    const reading = new Reading(file.fd, options.limit);
    for (let last = performance.now(); !reading.isDone;) {
      if (reading.take()) last = performance.now();
      else if (performance.now() - last > silenceMs) throw silent(silenceMs);
      else await sleep(LOOK_MS);
    }
    return reading.content;
  } catch (error) {
    throw unusable(error);
  } finally {
    await file.close();
  }
}

/** The same for where nothing can be awaited: for small files. A pipe is waited for a few seconds at most. */
export function readInputSync(path: string, options: ReadOptions): Buffer {
  const { silenceMs = SILENCE_SYNC_MS } = options;
  checkInput(path, 'file', options);
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    checkOpen(fd, path, options);
    const reading = new Reading(fd, options.limit);
    for (const started = performance.now(); !reading.isDone;) {
      if (reading.take()) continue;
      if (performance.now() - started > silenceMs) throw silent(silenceMs);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
    }
    return reading.content;
  } catch (error) {
    throw unusable(error);
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** What pipes have given, by what they are and when they were last written to: they give it once. */
const given = new Map<string, Buffer>();

/** An open file that is read bit by bit, none of which waits. */
class Reading {
  isDone = false;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  readonly #isPipe: boolean;

  constructor(
    private readonly fd: number,
    private readonly limit: number,
  ) {
    this.#isPipe = fs.fstatSync(fd).isFIFO();
    const known = this.#isPipe ? given.get(this.#identity()) : undefined;
    if (!known) return;
    this.#pieces.push(known);
    this.isDone = true;
  }

  get content(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** Reads a piece. False: there is none yet. */
  take(): boolean {
    const piece = this.#read();
    if (piece === undefined) return false;
    // Nobody may have opened a pipe that has a name.
    if (piece.length === 0 && this.#isPipe && this.#bytes === 0 && pathOf(this.fd)?.startsWith('/')) return false;
    this.#bytes += piece.length;
    if (this.#bytes > this.limit) throw new UnusableInput('size', `has more than ${this.limit} bytes`);
    this.#pieces.push(piece);
    this.isDone = piece.length === 0;
    if (this.isDone && this.#isPipe) given.set(this.#identity(), this.content);
    return true;
  }

  #read(): Buffer | undefined {
    try {
      const piece = Buffer.allocUnsafe(CHUNK);
      return piece.subarray(0, fs.readSync(this.fd, piece));
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
  checkPlace(pathOf(fd) === undefined ? path : `/proc/self/fd/${fd}`, pathOf(fd) ?? fs.realpathSync.native(path));
}

/** The path of what is open, whatever bears its name meanwhile; `undefined` where the system does not tell. */
function pathOf(fd: number): string | undefined {
  return whereIs(() => fs.readlinkSync(`/proc/self/fd/${fd}`));
}

function whereIs(find: () => string): string | undefined {
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

/** `real` is the path once links are followed, where there is one. */
function checkPlace(path: string, real: string | undefined): void {
  const isSystem =
    (real !== undefined && SYSTEM_FOLDER.test(real)) ||
    (process.platform === 'linux' && SYSTEM_VOLUMES.has(fs.statfsSync(path).type));
  if (isSystem) {
    throw new UnusableInput(
      'system',
      `leads to ${real ?? path}, where the system shows its own state, which is no data`,
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
