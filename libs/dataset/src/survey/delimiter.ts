import { openInput } from '@tracebloc/ingestor-core';
import { findRecords } from '../manifest/json/envelope.js';

/** In order of preference, if the beginning of a file fits several equally well. */
const DELIMITERS = [',', ';', '\t', '|'];
/** Bytes at the beginning of the file that are examined. */
const SAMPLE_BYTES = 64 * 1024;
const MAX_LINES = 50;

/** Detects the delimiter of a CSV: the one that, in most of the first lines, occurs as often as in the header. */
export async function detectDelimiter(path: string): Promise<string> {
  const lines = (await readBeginning(path))
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
  // A key of the path may have any characters.
  return findRecords(Buffer.from(await readBeginning(path), 'latin1').toString());
}

/** Returns whole lines, decoded as Latin-1: that is enough, because only ASCII characters are looked for. */
async function readBeginning(path: string): Promise<string> {
  const file = await openInput(path).catch(() => undefined);
  // The reader reports why the file cannot be opened.
  if (!file) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES);
    const text = buffer.toString('latin1', 0, bytesRead);
    return bytesRead < SAMPLE_BYTES ? text : text.replace(/[\r\n][^\r\n]*$/, '');
  } finally {
    await file.close();
  }
}
