import { createInterface } from 'node:readline/promises';
import { printableLine } from '@tracebloc/ingestor-contract';
import { terminalOf } from '../output/streams.js';

/** Asks a question on a terminal; where there is none, the answer is no. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: terminalOf(process.stderr) });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${printableLine(question)} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
