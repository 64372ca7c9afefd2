import { createInterface } from 'node:readline/promises';
import { type IngestorError, printableLine, InterruptedError } from '@tracebloc/ingestor-core';
import { terminalOf } from './output/streams.js';

/** Asks a question on a terminal. Returns false without a terminal, or when its input ends. Throws on Ctrl-C. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: terminalOf(process.stderr) });
  // Ctrl-D closes the prompt, whose question then never gets an answer.
  const ended = new Promise<string>((resolve, reject) => {
    prompt.once('close', () => resolve(''));
    prompt.once('SIGINT', () => reject(interrupted()));
  });
  try {
    const answer = prompt.question(`${printableLine(question)} [y/N] `).catch(() => '');
    return /^y(es)?$/i.test((await Promise.race([answer, ended])).trim());
  } finally {
    prompt.close();
  }
}

function interrupted(): IngestorError {
  const message = 'The question was not answered; nothing was changed.';
  return new InterruptedError(message, { fix: [] });
}
