import { isWide, wideWithoutMark } from './mark.js';
import { decodeUtf8, isUtf8InTruth } from './sample.js';

/** An encoding that a user states. */
export interface StatedEncoding {
  /** One that `encodingNamed` returned. If it is absent, the text must be UTF-8. */
  encoding?: string;
  /** The option that states it, as in `spec.csv_options.encoding`. */
  option: string;
  /** Whether the option is for several files, which may have other encodings. */
  isShared?: boolean;
}

/**
 * Returns the encoding that the beginning of a file without a byte order mark has, if it contradicts the encoding that is
 * stated for it. The beginning may end within a character.
 */
export async function contradictionOf(beginning: Uint8Array, encoding: string): Promise<string | undefined> {
  const wide = wideWithoutMark(beginning);
  if (wide !== undefined) return wide.startsWith(encoding) ? undefined : wide;
  if (isWide(encoding)) {
    // Wide text has NULs in its line ends at least.
    const isUtf8 = beginning.length > 0 && !beginning.includes(0) && decodeUtf8(beginning) !== undefined;
    return isUtf8 ? 'utf-8' : undefined;
  }
  if (encoding === 'utf-8' || encoding === 'iso-2022-jp') return undefined;
  return (await isUtf8InTruth(beginning, encoding)) ? 'utf-8' : undefined;
}

/** The escape of ISO-2022-JP before two-byte characters, and one of these. */
const ESCAPED = /\x1b\$[@B][!-~]{2}/;

/** Returns whether bytes that may be UTF-8 are ISO-2022-JP. */
export function isIso2022Jp(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.includes('\x1b$') && ESCAPED.test(buffer.toString('latin1'));
}
