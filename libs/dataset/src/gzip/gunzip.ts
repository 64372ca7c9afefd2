import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { UnreadableError, makeFinding } from '../findings/findings.js';

/** Whether a file with these first bytes is a gzip archive. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

/** Bytes of text that are returned at a time. */
const OUTPUT = 64 * 1024;

/**
 * Unpacks a gzip archive of one or more members, piece by piece. What a piece yields depends only on the bytes up to its end,
 * not on how these were divided, so that shards can agree on it.
 */
export class Gunzip {
  readonly #stream = createGunzip({ chunkSize: OUTPUT });
  #outputs: Buffer[] = [];
  #given = 0;
  #isStarted = false;
  #hasEnded = false;
  #failure: NodeJS.ErrnoException | undefined;
  #wake: () => void = () => undefined;

  constructor() {
    this.#stream.on('data', (output: Buffer) => this.#outputs.push(output));
    this.#stream.once('end', () => {
      this.#hasEnded = true;
      this.#wake();
    });
    this.#stream.once('error', (error) => {
      this.#failure = error;
      this.#wake();
    });
  }

  /** Returns the bytes that the next piece adds. Throws `UnreadableError`, after the bytes before it, where it is damaged. */
  async push(piece: Uint8Array): Promise<Buffer[]> {
    this.#refuse();
    // The stream flows from the next turn on; then each output arrives before the piece is done.
    if (!this.#isStarted) await setImmediate();
    this.#isStarted = true;
    this.#given += piece.length;
    if (this.#hasEnded) this.#refuseAfterEnd(piece);
    else await this.#settle((done) => this.#stream.write(piece, done));
    if (this.#hasEnded) this.#refuseAfterEnd(piece.subarray(piece.length - (this.#given - this.#stream.bytesWritten)));
    const outputs = this.#outputs;
    this.#outputs = [];
    if (outputs.length === 0) this.#refuse();
    return outputs;
  }

  /** Returns the last bytes. Throws `UnreadableError` if the archive is damaged or ends too early. */
  async end(): Promise<Buffer[]> {
    this.#refuse();
    if (!this.#hasEnded) await this.#settle(() => this.#stream.end());
    this.#refuse();
    return this.#outputs;
  }

  close(): void {
    this.#stream.destroy();
  }

  /** Waits until the work is done, or the stream has ended or failed. */
  async #settle(work: (done: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      work(resolve);
    });
  }

  #refuse(): void {
    if (!this.#failure) return;
    throw damaged(
      this.#failure.code === 'Z_BUF_ERROR'
        ? 'The gzip archive ends before its content does; the rows up to there were read.'
        : 'The gzip archive is damaged; the rows before that place were read.',
    );
  }

  /** Zeros after the archive fill up a block of a tape or disk. Other bytes would be lost. */
  #refuseAfterEnd(rest: Uint8Array): void {
    if (rest.some((byte) => byte !== 0)) throw damaged('Bytes follow the end of the gzip archive.');
  }
}

function damaged(message: string): UnreadableError {
  return new UnreadableError(makeFinding('damaged-gzip', { message }));
}
