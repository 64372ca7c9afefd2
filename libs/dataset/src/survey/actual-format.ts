import { openInput, tableExtension, UnusableInput } from '@tracebloc/ingestor-core';
import type { TableFormat } from '@tracebloc/ingestor-contract';
import { UnreadableError } from '../findings/findings.js';
import { openText } from '../gzip/gunzipped-file.js';
import { findJson, foreignFormat, tableFormatOf } from '../manifest/foreign-format.js';

const JSON_EXTENSIONS = ['.json', '.jsonl', '.ndjson'];
/** The bytes at the beginning of a file that show its format. */
const HEAD_BYTES = 4096;
/** What files of the formats with plugins begin with, also if they are damaged or encrypted. */
const SIGNATURES = /^(?:PK|PAR1|PARE)/;

/** The format of a table. */
export interface ActualFormat {
  /** The field of `ingest.yaml`. A format other than `csv` and `json` needs a plugin, which may not be installed. */
  name: string;
  /** Whether the name of the file says another format. */
  isRenamed: boolean;
}

/** Returns the format of a table by its name, or by its first bytes if these contradict the name. */
export async function actualFormat(path: string, formats: readonly TableFormat[]): Promise<ActualFormat> {
  const extension = tableExtension(path);
  const table = formats.find(({ extensions }) => extensions.includes(extension));
  const named = table?.name ?? (JSON_EXTENSIONS.includes(extension) ? 'json' : 'csv');
  // A format of text may look like any other.
  const found = table?.kind === 'text' ? undefined : await formatByContent(path, named);
  return { name: found ?? named, isRenamed: found !== undefined && found !== named };
}

/** Returns the format that the first bytes prove, or `undefined`. */
async function formatByContent(path: string, named: string): Promise<string | undefined> {
  const head = await headOf(path);
  if (!head) return undefined;
  const format = tableFormatOf(head.raw);
  if (format) return format;
  if (named === 'json' || head.raw.length === 0) return undefined;
  if (findJson(head.text)) return 'json';
  // The reader of the format reports a damaged file, and that of CSV what is not a table at all.
  const isBinary = SIGNATURES.test(head.raw.toString('latin1')) || (head.raw.includes(0) && !foreignFormat(head.raw));
  return named === 'csv' || isBinary ? undefined : 'csv';
}

/** Returns the first bytes of a file, and what they say once they are unpacked, or `undefined` if it cannot be read. */
async function headOf(path: string): Promise<{ raw: Buffer; text: string } | undefined> {
  try {
    const raw = await readHead(await openInput(path));
    const text = await readHead(await openText(path));
    return { raw, text: text.toString('utf8').replace(/^\ufeff/, '') };
  } catch (error) {
    if (error instanceof UnusableInput || error instanceof UnreadableError) return undefined;
    throw error;
  }
}

interface Readable {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

async function readHead(file: Readable): Promise<Buffer> {
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
