import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { openText } from '../gzip/gunzipped-file.js';
import { createDecoder } from '../encoding/decoder.js';
import { encodingOfMark } from '../encoding/mark.js';
import { findRecords } from '../manifest/json/envelope.js';

/** In order of preference, if the beginning of a file fits several equally well. */
const DELIMITERS = [',', ';', '\t', '|'];
/** Bytes at the beginning of the file that are examined. */
const SAMPLE_BYTES = 64 * 1024;
const MAX_LINES = 50;

/**
 * Detects the delimiter of a CSV: the one that, in most of the first lines, occurs as often as in the header. A byte order mark
 * has priority over the encoding.
 */
export async function detectDelimiter(path: string, encoding = CSV_DEFAULTS.encoding): Promise<string> {
  const lines = (await readLines(path, encoding))
    .replace(/"[^"]*"/g, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, MAX_LINES);
  const scores = DELIMITERS.map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const inHeader = counts[0] ?? 0;
    const agreeing = inHeader === 0 ? 0 : counts.filter((count) => count === inHeader).length;
    return { delimiter, agreeing, inHeader };
  });
  return scores.sort((a, b) => b.agreeing - a.agreeing || b.inHeader - a.inHeader)[0]!.delimiter;
}

/** Detects the path of the array of records in a file that is one JSON object; see `findRecords`. */
export async function detectRecords(path: string): Promise<string | undefined> {
  return findRecords(await readLines(path, CSV_DEFAULTS.encoding));
}

/** Returns whole lines, up to the first byte that the encoding does not have. */
async function readLines(path: string, encoding: string): Promise<string> {
  const file = await openText(path).catch(() => undefined);
  // The reader reports why the file cannot be opened.
  if (!file) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    const bytes = buffer.subarray(0, bytesRead);
    const text = (await createDecoder(encodingOfMark(bytes) ?? encoding)).push(bytes);
    return bytesRead < SAMPLE_BYTES ? text : text.replace(/[\r\n][^\r\n]*$/, '');
  } finally {
    await file.close();
  }
}
