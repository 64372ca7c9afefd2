import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodingNamed } from '@tracebloc/ingestor-core';
import { createDecoder } from './decoder.js';
import { encode } from './encode.test-support.js';

/** Letters of each encoding, some of which have a line feed, a quote, a comma or a backslash among their bytes. */
const LETTERS: Readonly<Record<string, string>> = {
  'utf-8': 'aé€😀\n,"',
  'utf-16le': 'aé中ਊ∊ⰬĊ😀\n,"',
  'utf-16be': 'aé中ਊ∊ⰬĊ😀\n,"',
  'utf-32le': 'aé中ਊ😀\n,"',
  'utf-32be': 'aé中ਊ😀\n,"',
  'iso-2022-jp': 'a日本ソ東あ\n,"',
  gb18030: 'a中国车乗㐂😀€\n,"\\0',
  shift_jis: 'aソ表能ｱ日本\n,"\\',
  'euc-jp': 'a日本ｱソ\n,"',
  'euc-kr': 'a한국뷁\n,"',
  big5: 'a功許蓋中文\n,"\\',
  'windows-1252': 'aé€Ÿ\n,"',
  'windows-1251': 'aяЮё\n,"',
  'iso-8859-2': 'ałÓ\n,"',
  'koi8-r': 'aяЮ\n,"',
  macintosh: 'aéü\n,"',
  ibm866: 'aяЮ\n,"',
  cp437: 'aéüñ\n,"',
  cp850: 'aéüõ\n,"',
  cp852: 'ałó\n,"',
};

async function decodeIn(encoding: string, bytes: Uint8Array, sizes: readonly number[]) {
  const decoder = await createDecoder(encoding);
  let text = '';
  // Only one buffer is used, as when a file is read.
  const chunk = Buffer.alloc(64);
  for (let start = 0, turn = 0; start < bytes.length && !decoder.invalid; turn++) {
    const length = Math.min(sizes[turn % sizes.length]!, bytes.length - start);
    chunk.set(bytes.subarray(start, start + length));
    text += decoder.push(chunk.subarray(0, length));
    start += length;
  }
  if (!decoder.invalid) decoder.end();
  return { text, invalid: decoder.invalid };
}

const anySizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 });

describe.each(Object.entries(LETTERS))('%s', (encoding, letters) => {
  it('gives the text back however its bytes are cut', async () => {
    const anyText = fc.string({ unit: fc.constantFrom(...Array.from(letters)), maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(anyText, anySizes, async (text, sizes) => {
        expect(await decodeIn(encoding, encode(text, encoding), sizes)).toEqual({ text, invalid: undefined });
      }),
      { numRuns: 100 },
    );
  });

  it('has the same text and the same first invalid byte of any bytes however they are cut', async () => {
    const anyBytes = fc.array(
      fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
        fc.constantFrom(...Array.from(letters)).map((letter) => encode(letter, encoding)),
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(anyBytes, anySizes, async (parts, sizes) => {
        const bytes = Buffer.concat(parts);
        const cut = await decodeIn(encoding, bytes, sizes);
        expect(cut).toEqual(await decodeIn(encoding, bytes, [60]));
        if (cut.invalid) expect(cut.invalid.byte).toBe(bytes[cut.invalid.offset]);
        const before = bytes.subarray(0, cut.invalid?.offset);
        expect(await decodeIn(encoding, before, [7])).toEqual({ text: cut.text, invalid: undefined });
      }),
      { numRuns: 100 },
    );
  });
});

it.each([
  ['utf-16le', [0x61, 0, 0, 0xd8, 0x62, 0], 2],
  ['utf-16le', [0x61, 0, 0x62], 2],
  ['utf-16be', [0, 0x61, 0xdc, 0], 2],
  ['utf-32le', [0x61, 0, 0, 0, 0, 0, 0x11, 0], 4],
  ['utf-32be', [0, 0, 0, 0x61, 0, 0, 0xd8, 0], 4],
  ['utf-32le', [0x61, 0, 0], 0],
  ['iso-2022-jp', [0x61, 0xa4, 0x62], 1],
  ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x24], 3],
  ['gb18030', [0x61, 0xb3, 0x0a], 1],
  ['gb18030', [0x61, 0xff], 1],
  ['shift_jis', [0x61, 0x81], 1],
  ['big5', [0x61, 0xff], 1],
  ['big5', [0x61, 0xff, 0xa5, 0x5c], 1],
  ['big5', [0xa5, 0x5c, 0x80, 0x61], 2],
  ['windows-1252', [0x61, 0x62, 0x81], 2],
  ['windows-1253', [0x61, 0xff], 1],
  ['cp857', [0x61, 0xd5], 1],
])('%s has an invalid byte in %j at offset %d', async (encoding, bytes, offset) => {
  for (const size of [1, 60]) {
    const { invalid } = await decodeIn(encoding, Uint8Array.from(bytes), [size]);
    expect(invalid).toEqual({ offset, byte: bytes[offset] });
  }
});

const SINGLE_BYTES = [
  ...['ibm866', 'koi8-r', 'koi8-u', 'macintosh', 'x-mac-cyrillic', 'windows-874', 'iso-8859-8-i'],
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map((part) => `iso-8859-${part}`),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => `windows-${page}`),
];

it.each(SINGLE_BYTES)(
  '%s has the characters that the platform reads, and none for controls of Windows',
  async (name) => {
    expect(encodingNamed(name)).toBe(name);
    for (let byte = 0; byte < 256; byte++) {
      const { text, invalid } = await decodeIn(name, Uint8Array.of(byte), [1]);
      let expected: string | undefined;
      try {
        expected = new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(Uint8Array.of(byte));
      } catch {
        expected = undefined;
      }
      const isControl = byte >= 0x80 && name.startsWith('windows-') && /[\x80-\x9f]/.test(expected ?? '');
      expect([byte, invalid ? undefined : text]).toEqual([byte, isControl ? undefined : expected]);
    }
  },
);
