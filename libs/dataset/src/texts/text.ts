import { isUtf8 } from 'node:buffer';
import type { Report } from '@tracebloc/ingestor-contract';
import { readSmallFile } from '../files/small-file.js';
import type { SidecarFile } from '../files/sidecar-folder.js';
import { UnreadableError } from '../findings/findings.js';
import { TextSource } from '../manifest/text-source.js';
import { textFindings } from './findings.js';
import { ENCODING_OPTION, type TextOptions } from './options.js';

/** The bytes that are read at a time. */
const CHUNK = 64 * 1024;

const STATED = { option: ENCODING_OPTION, isShared: true };

/** The most bytes of a text that is converted, since its copy is kept in memory until it is written. */
const MAX_CONVERTED = 64 * 1024 * 1024;

/** Looks at a text beyond what all texts have in common. It receives the text in pieces, without a byte order mark. */
export interface TextShape {
  add(piece: string): void;
  /** Reports what is wrong with the text, which is not blank. */
  finish(): void;
}

/** A file, and how it is checked. */
export interface TextCheck {
  options: Pick<TextOptions, 'encoding'>;
  report: Report;
  signal: AbortSignal;
  shape?: TextShape;
}

/**
 * Checks that a file is text in its encoding, without NUL, and not only white space. It keeps at most one chunk in memory,
 * and a text that a data layout makes.
 */
export async function checkText(file: SidecarFile, { options, report, signal, shape }: TextCheck): Promise<void> {
  const { path, shown, size } = file;
  const { encoding } = options;
  const content = new Content(shape);
  const made = await file.make?.();
  if (made) {
    content.add(Buffer.from(made).toString());
    content.finish(shown, report);
    return;
  }
  if (encoding === undefined) {
    const bytes = readSmallFile(file, { reuse: true });
    if (bytes && isPlainText(bytes)) {
      if (shape) {
        shape.add(withoutMark(bytes.toString('utf8')));
        shape.finish();
      }
      return;
    }
  }
  if (encoding !== undefined && size > MAX_CONVERTED) {
    const message = `The file has ${size} bytes, so it was not read.`;
    textFindings.report(report, 'text-too-large', () => ({
      message,
      file: shown,
      expected: `at most ${MAX_CONVERTED} bytes`,
    }));
    return;
  }
  try {
    // Findings that the report does not keep need no advice.
    const advises = !report.isFull('not-utf8');
    const source = new TextSource(path, Math.min(size, CHUNK), { ...STATED, encoding }, advises);
    for await (const piece of source.pieces(signal)) content.add(piece);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    report.add({ ...error.finding, file: shown });
    return;
  }
  content.finish(shown, report);
}

/** What is known of a text that is read in pieces. */
class Content {
  #isBlank = true;
  #hasNul = false;

  constructor(private readonly shape: TextShape | undefined) {}

  add(piece: string): void {
    this.#isBlank &&= piece.trim() === '';
    this.#hasNul ||= piece.includes('\0');
    this.shape?.add(piece);
  }

  finish(file: string, report: Report): void {
    if (this.#isBlank) {
      textFindings.report(report, 'blank-text', () => ({ message: 'The text is only white space.', file }));
    } else if (this.#hasNul) {
      textFindings.report(report, 'nul-in-text', () => ({ message: 'The text has a NUL character.', file }));
    } else this.shape?.finish();
  }
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

const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

/** Whether a byte is an ASCII character that is not white space. */
const isVisible = (byte: number): boolean => byte > 0x20 && byte < 0x7f;

/** Returns a text in UTF-8, or `undefined` if it is stored as it is, or `checkText` has refused it. */
export async function convertText(
  { path, size, make }: SidecarFile,
  { encoding }: Pick<TextOptions, 'encoding'>,
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
