/** The formats that are decoded. Those that are neither JPEG nor PNG are only converted. */
export type SourceFormat = 'jpeg' | 'png' | 'gif' | 'bmp' | 'webp' | 'tiff';
/** The formats of a dataset's images. */
export type StoredFormat = 'jpeg' | 'png';

/** The format that a dataset's extension stands for. */
export const STORED_FORMATS: Readonly<Record<string, StoredFormat>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
};

export interface Signature {
  text: string;
  at?: number;
  /** What the content is, in a message. */
  is: string;
  /** Absent if the format is not decoded. */
  format?: SourceFormat;
}

/** The first bytes of files that often have an image's name. */
const SIGNATURES: readonly Signature[] = [
  { text: '\xff\xd8\xff', is: 'JPEG', format: 'jpeg' },
  { text: '\x89PNG\r\n\x1a\n', is: 'PNG', format: 'png' },
  { text: 'GIF8', is: 'GIF', format: 'gif' },
  { text: 'BM', is: 'BMP', format: 'bmp' },
  { text: 'WEBP', at: 8, is: 'WebP', format: 'webp' },
  { text: 'ftyp', at: 4, is: 'HEIF or AVIF' },
  { text: 'II*\0', is: 'TIFF', format: 'tiff' },
  { text: 'MM\0*', is: 'TIFF', format: 'tiff' },
  { text: '%PDF', is: 'PDF' },
  { text: '<', is: 'markup, as SVG or HTML' },
];

export const isStored = (format: SourceFormat): format is StoredFormat => format === 'jpeg' || format === 'png';

/** Returns what a file is by its first bytes, or undefined if they are those of nothing known. */
export function signatureOf(start: Buffer): Signature | undefined {
  const text = start.toString('latin1', 0, 16);
  return SIGNATURES.find(({ text: signature, at = 0 }) => text.startsWith(signature, at));
}
