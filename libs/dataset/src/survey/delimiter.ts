import { openInput } from '@tracebloc/ingestor-core';

/** The likelier goes first, where a file's beginning fits two equally well. */
const DELIMITERS = [',', ';', '\t', '|'];
const LOOK_AT = 64 * 1024;
const MAX_LINES = 50;

/** The delimiter of a CSV, by its first lines: the one that occurs in most of them as often as in the header. */
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

/** Text up to the last line end; bytes as they are, since only ASCII is looked for. */
async function readBeginning(path: string): Promise<string> {
  const file = await openInput(path).catch(() => undefined);
  // The reader will tell why it cannot be opened.
  if (!file) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOK_AT), 0, LOOK_AT);
    const text = buffer.toString('latin1', 0, bytesRead);
    return bytesRead < LOOK_AT ? text : text.replace(/[\r\n][^\r\n]*$/, '');
  } finally {
    await file.close();
  }
}
