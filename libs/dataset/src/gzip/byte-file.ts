/** A file whose bytes are read from any place: a `FileHandle`, or what a gzip archive holds. */
export interface ByteFile {
  /** Reads bytes from a position into a buffer. Fewer than `length` are read at the end of the file. */
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number; buffer: Buffer }>;
}
