import { encodingNamed } from '@tracebloc/ingestor-core';
import { UnreadableError, makeFinding } from '../findings/findings.js';
import { adviceForSample } from './advice.js';
import { createDecoder } from './decoder.js';
import { encodingOfMark, isWide, wideWithoutMark } from './mark.js';
import { contradictionOf } from './stated.js';

/** The XML declaration, which is ASCII in every encoding but UTF-16 and UTF-32. Its length is limited by what is looked at. */
const DECLARATION = /^<\?xml\s[^>]*?\bencoding\s*=\s*(["'])([\w.:-]{1,40})\1/;
const MAX_DECLARATION = 200;

const CORRECT = 'Correct the encoding that the XML declaration states, or export the file again as UTF-8.';

/**
 * Decodes an XML document by its byte order mark, else by its declaration, else as UTF-8. Throws `UnreadableError` if its
 * encoding is not known, or if a byte is not valid in it. With `advises: false` no encoding is looked for that the fix could name.
 */
export async function decodeXml(bytes: Uint8Array, advises = true): Promise<string> {
  const mark = encodingOfMark(bytes) ?? wideWithoutMark(bytes);
  const stated = mark === undefined ? DECLARATION.exec(beginningOf(bytes))?.[2] : undefined;
  const encoding = mark ?? readStated(stated);
  if (stated !== undefined && (await contradictionOf(bytes, encoding)) === 'utf-8') {
    const message = `The file is UTF-8, although its XML declaration states ${stated}.`;
    const fix = 'State UTF-8 in the XML declaration.';
    throw new UnreadableError(
      makeFinding('encoding-contradicted', { message, value: stated, expected: `${encoding} text`, fix }),
    );
  }
  const decoder = await createDecoder(encoding);
  const text = decoder.push(bytes);
  decoder.end();
  if (!decoder.invalid) return text;

  const { offset, byte } = decoder.invalid;
  const value = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  const says = stated === undefined ? '' : `, which the file states as ${stated}`;
  if (encoding === 'utf-8') {
    const message = `The byte at offset ${offset} is not UTF-8${stated === undefined ? '' : ', which the file states'}.`;
    const isOpen = advises && stated === undefined && mark === undefined;
    const fix = isOpen ? await adviceForSample(bytes) : CORRECT;
    throw new UnreadableError(makeFinding('not-utf8', { message, value, expected: 'UTF-8 text', fix }));
  }
  const message = `The byte at offset ${offset} is not valid in ${encoding}${says}.`;
  throw new UnreadableError(
    makeFinding('invalid-byte', { message, value, expected: `${encoding} text`, fix: CORRECT }),
  );
}

function readStated(stated: string | undefined): string {
  if (stated === undefined) return 'utf-8';
  const encoding = encodingNamed(stated);
  if (encoding === undefined) {
    const message = `The file states the encoding ${stated}, which cannot be read.`;
    const fix = `Convert the file to UTF-8, and state UTF-8 in its XML declaration.`;
    throw new UnreadableError(makeFinding('not-utf8', { message, value: stated, expected: 'UTF-8 text', fix }));
  }
  // The declaration could be read as ASCII, so the file is neither UTF-16 nor UTF-32: it was converted after it was written.
  return isWide(encoding) ? 'utf-8' : encoding;
}

const beginningOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, MAX_DECLARATION)).toString('latin1').trimStart();
