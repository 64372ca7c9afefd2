import type { SourceFile } from './source.js';

export const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n';
/** Bytes of a chunk beside its data: length and type before it, a checksum after it. */
const FRAME = 12;

export interface PngChunk {
  /** The offset of the chunk's data in the file, in bytes. */
  at: number;
  /** Bytes of its data, as the chunk states them. */
  length: number;
  type: string;
}

/**
 * Returns whether a PNG has its last chunk, IEND. Decoders do not require it: they accept a file that is cut off after the
 * last pixel.
 */
export async function isPngWhole(file: SourceFile): Promise<boolean> {
  if ((await readChunk(file, file.size - FRAME))?.type === 'IEND') return true;
  // Every reader ignores what follows IEND, so the chunks decide.
  for await (const { type } of chunksOf(file)) if (type === 'IEND') return true;
  return false;
}

/** Yields the chunks whose frame fits into the file, in order. */
export async function* chunksOf(file: SourceFile): AsyncGenerator<PngChunk, void> {
  for (let at = PNG_SIGNATURE.length; at + FRAME <= file.size;) {
    const chunk = await readChunk(file, at);
    if (!chunk) return;
    yield chunk;
    at += FRAME + chunk.length;
  }
}

/** Returns the chunk that begins at an offset, or undefined when the file has no such bytes. */
async function readChunk(file: SourceFile, at: number): Promise<PngChunk | undefined> {
  if (at < 0) return undefined;
  const start = await file.read(at, 8);
  if (start.length < 8) return undefined;
  return { at: at + 8, length: start.readUInt32BE(0), type: start.toString('latin1', 4) };
}
