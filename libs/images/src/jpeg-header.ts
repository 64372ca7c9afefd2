import type { Metadata } from 'sharp';

export type Header = Pick<Metadata, 'width' | 'height' | 'channels' | 'depth' | 'space' | 'orientation'> &
  Partial<Pick<Metadata, 'isPalette' | 'pages' | 'format'>>;

/** Markers of segments that begin an image: baseline, extended and progressive, all with Huffman codes. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];
/** The marker after which the pixels follow. */
const SCAN = 0xda;
/** Tables, comments and data of applications, but for APP1: its EXIF data has the orientation. */
const PASSED: readonly number[] = [0xdb, 0xc4, 0xdd, 0xfe, 0xe0, ...Array.from({ length: 14 }, (_, at) => 0xe2 + at)];
/** The largest width and height that the decoder takes. */
const MOST = 65_500;

/**
 * Returns what the header of a common JPEG says, given the first bytes of the file: grey or in three colours, of 8 bits, without
 * EXIF data. Returns undefined for any other, and for one whose header is longer than these bytes: the decoder must read it,
 * which takes a tenth of the time of decoding a thumbnail.
 */
export function readJpegHeader(start: Buffer): Header | undefined {
  let header: Header | undefined;
  for (let at = 2; at + 4 <= start.length;) {
    const marker = start[at + 1]!;
    const length = start.readUInt16BE(at + 2);
    if (start[at] !== 0xff || length < 2 || at + 2 + length > start.length) return undefined;
    if (marker === SCAN) return header;
    if (FRAMES.includes(marker)) {
      // A second frame is an error.
      header = header ? undefined : readFrame(start.subarray(at + 4, at + 2 + length));
      if (!header) return undefined;
    } else if (!PASSED.includes(marker)) return undefined;
    at += 2 + length;
  }
  return undefined;
}

function readFrame(frame: Buffer): Header | undefined {
  if (frame.length < 6) return undefined;
  const [bits, height, width, channels] = [frame[0], frame.readUInt16BE(1), frame.readUInt16BE(3), frame[5]];
  if (bits !== 8 || (channels !== 1 && channels !== 3) || frame.length !== 6 + 3 * channels) return undefined;
  if (width === 0 || height === 0 || width > MOST || height > MOST) return undefined;
  for (let at = 7; at < frame.length; at += 3)
    if (!isSampling(frame[at]! >> 4) || !isSampling(frame[at]! & 15)) return undefined;
  return { width, height, channels, depth: 'uchar', space: channels === 1 ? 'b-w' : 'srgb' };
}

const isSampling = (factor: number): boolean => factor >= 1 && factor <= 4;
