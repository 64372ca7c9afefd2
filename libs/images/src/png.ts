import { type FileHandle, open } from 'node:fs/promises';

/** Bytes of a chunk beside its data: length and type before it, a checksum after. */
const FRAME = 12;
const SIGNATURE = 8;

/**
 * Whether a PNG has its last chunk, IEND. Decoders do not ask for it: a file that is cut off behind the last pixel reads
 * as if it were whole.
 */
export async function isPngWhole({ path, size }: { path: string; size: number }): Promise<boolean> {
  const file = await open(path);
  try {
    if ((await readChunk(file, size - FRAME))?.type === 'IEND') return true;
    // What follows IEND is ignored by every reader, so the chunks decide.
    for (let at = SIGNATURE; at + FRAME <= size;) {
      const chunk = await readChunk(file, at);
      if (!chunk || chunk.type === 'IEND') return chunk !== undefined;
      at += FRAME + chunk.length;
    }
    return false;
  } finally {
    await file.close();
  }
}

/** The chunk that begins at a byte; nothing where there are no such bytes. */
async function readChunk(file: FileHandle, at: number): Promise<{ length: number; type: string } | undefined> {
  if (at < 0) return undefined;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, at);
  return bytesRead === 8 ? { length: buffer.readUInt32BE(0), type: buffer.toString('latin1', 4) } : undefined;
}
