import { isUtf8 } from 'node:buffer';
import type { Report } from '@tracebloc/ingestor-contract';
import { readSmallFile, type SidecarFile, TextSource, UnreadableError } from '@tracebloc/ingestor-dataset';
import { textFindings } from './findings.js';
import { ENCODING_OPTION, type TextOptions } from './options.js';

/** The bytes that are read at a time. */
const CHUNK = 64 * 1024;

const STATED = { option: ENCODING_OPTION, isShared: true };

/** The most bytes of a text that is converted, since its copy is kept in memory until it is written. */
const MAX_CONVERTED = 64 * 1024 * 1024;

/** Checks that a file is text in its encoding and not only white space. It keeps at most one chunk in memory. */
export async function checkText(
  file: SidecarFile,
  { encoding }: TextOptions,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { path, shown, size } = file;
  const made = await file.make?.();
  if (made) {
    reportBlank(Buffer.from(made).toString().trim() === '', shown, report);
    return;
  }
  const small = encoding === undefined ? readSmallFile(file, { reuse: true }) : undefined;
  if (small && isPlainText(small)) return;
  if (encoding !== undefined && size > MAX_CONVERTED) {
    const message = `The file has ${size} bytes, so it was not read.`;
    textFindings.report(report, 'text-too-large', () => ({
      message,
      file: shown,
      expected: `at most ${MAX_CONVERTED} bytes`,
    }));
    return;
  }
  let isBlank = true;
  try {
    // Findings that the report does not keep need no advice.
    const advises = !report.isFull('not-utf8');
    const source = new TextSource(path, Math.min(size, CHUNK), { ...STATED, encoding }, advises);
    for await (const piece of source.pieces(signal)) {
      isBlank &&= piece.trim() === '';
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    report.add({ ...error.finding, file: shown });
    return;
  }
  reportBlank(isBlank, shown, report);
}

function reportBlank(isBlank: boolean, file: string, report: Report): void {
  if (!isBlank) return;
  textFindings.report(report, 'blank-text', () => ({ message: 'The text is only white space.', file }));
}

/** The first bytes of an archive, which may be UTF-8. */
const ZIP = 'PK\x03\x04';

/**
 * Returns true for bytes that are surely UTF-8 and not only white space. Returns false for all that `TextSource` looks at more
 * closely: NULs and escapes, which UTF-16 and ISO-2022-JP have.
 */
export function isPlainText(bytes: Buffer): boolean {
  if (!isUtf8(bytes) || bytes.includes(0) || bytes.includes(0x1b)) return false;
  if (bytes.toString('latin1', 0, ZIP.length) === ZIP) return false;
  return isVisible(bytes[0]!) || bytes.toString('utf8').trim() !== '';
}

/** Whether a byte is an ASCII character that is not white space. */
const isVisible = (byte: number): boolean => byte > 0x20 && byte < 0x7f;

/** Returns a text in UTF-8, or `undefined` if it is stored as it is, or `checkText` has refused it. */
export async function convertText(
  { path, size, make }: SidecarFile,
  { encoding }: TextOptions,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (encoding === undefined || make || size > MAX_CONVERTED) return undefined;
  const pieces: Buffer[] = [];
  try {
    const source = new TextSource(path, Math.min(size, CHUNK), { ...STATED, encoding }, false);
    for await (const piece of source.pieces(signal)) pieces.push(Buffer.from(piece));
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
  return Buffer.concat(pieces);
}
