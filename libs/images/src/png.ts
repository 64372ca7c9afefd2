import type { SourceFile } from './source.js';

/** Bytes of a chunk beside its data: length and type before it, a checksum after. */
const FRAME = 12;
const SIGNATURE = 8;

/**
 * Whether a PNG has its last chunk, IEND. Decoders do not ask for it: a file that is cut off behind the last pixel reads
 * as if it were whole.
 */
export async function isPngWhole(file: SourceFile): Promise<boolean> {
  if ((await readChunk(file, file.size - FRAME))?.type === 'IEND') return true;
  // What follows IEND is ignored by every reader, so the chunks decide.
  for (let at = SIGNATURE; at + FRAME <= file.size;) {
    const chunk = await readChunk(file, at);
    if (!chunk || chunk.type === 'IEND') return chunk !== undefined;
    at += FRAME + chunk.length;
  }
  return false;
}

/** The chunk that begins at a byte; nothing where there are no such bytes. */
async function readChunk(file: SourceFile, at: number): Promise<{ length: number; type: string } | undefined> {
  if (at < 0) return undefined;
  const start = await file.read(at, 8);
  return start.length === 8 ? { length: start.readUInt32BE(0), type: start.toString('latin1', 4) } : undefined;
}
