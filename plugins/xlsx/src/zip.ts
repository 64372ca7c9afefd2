import { crc32, inflateRawSync } from 'node:zlib';
import { TableError } from '@tracebloc/ingestor-contract';

/** A file in a ZIP archive. */
export interface ZipEntry {
  name: string;
  content: Buffer;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** Bytes of a record without its name. */
const END_LENGTH = 22;
const CENTRAL_LENGTH = 46;
const LOCAL_LENGTH = 30;

/**
 * Returns the files of an archive whose names `isWanted` accepts. Throws a `TableError` if the archive is damaged, or if the
 * files have more than `limit` bytes together.
 */
export function readZip(archive: Buffer, isWanted: (name: string) => boolean, limit: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let left = limit;
  try {
    const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    if (end === -1 || archive.readUInt32LE(end) !== END || end + END_LENGTH > archive.length) throw damaged();
    let at = archive.readUInt32LE(end + 16);
    for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
      if (archive.readUInt32LE(at) !== CENTRAL) throw damaged();
      const [packed, size] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)];
      const [nameLength, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field)) as [
        number,
        number,
        number,
      ];
      const name = archive.toString('utf8', at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength);
      if (isWanted(name)) {
        left -= size;
        if (left < 0) throw tooLarge(limit);
        const start = archive.readUInt32LE(at + 42);
        if (archive.readUInt32LE(start) !== LOCAL) throw damaged();
        const data = start + LOCAL_LENGTH + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
        const bytes = archive.subarray(data, data + packed);
        // No more is unpacked than the archive says, so that a small file cannot fill the memory.
        const isStored = archive.readUInt16LE(at + 10) === 0;
        const content = isStored ? bytes : inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
        if (content.length !== size || crc32(content) !== archive.readUInt32LE(at + 16)) throw damaged();
        entries.push({ name, content });
      }
      at += CENTRAL_LENGTH + nameLength + extra + comment;
    }
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw damaged(error);
  }
  return entries;
}

/** Returns an archive of files that are not packed. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, content } of entries) {
    const bytes = Buffer.from(name);
    const facts = Buffer.alloc(26);
    // The version that is needed, names in UTF-8, no compression, then 1 January 1980.
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x800, 2);
    facts.writeUInt16LE(0x21, 8);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(bytes.length, 22);
    files.push(uint32(LOCAL), facts, bytes, content);
    const central = Buffer.alloc(CENTRAL_LENGTH - 6 - facts.length);
    central.writeUInt32LE(offset, central.length - 4);
    directory.push(uint32(CENTRAL), Buffer.from([20, 0]), facts, central, bytes);
    offset += LOCAL_LENGTH + bytes.length + content.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(END_LENGTH);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, list, end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function damaged(cause?: unknown): TableError {
  const message = 'The file is not an Excel workbook (xlsx), or it is damaged or encrypted.';
  const fix =
    'Open it in a spreadsheet program and save it as "Excel workbook (.xlsx)" without a password, or as "CSV UTF-8".';
  return new TableError(message, fix, { cause });
}

export function tooLarge(limit: number): TableError {
  const message = `The workbook is too large: its sheets may have at most ${limit >> 20} MiB when they are unpacked.`;
  const fix = 'Save the sheet as "CSV UTF-8", which has no limit, and name that file in `csv`.';
  return new TableError(message, fix);
}
