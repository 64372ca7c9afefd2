import type { Key } from 'node:readline';
import type * as prompts from '@inquirer/prompts';
import { InterruptedError, printableLine } from '@tracebloc/ingestor-core';
import { terminalOf } from './output/streams.js';

export interface Choice {
  value: string;
  /** A line that is shown while the choice is marked. */
  description?: string;
}

/** Returns whether a person can be asked. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks a question on a terminal. Without a terminal, and when the input ends, it returns false. Throws on Ctrl-C. */
export async function confirm(question: string): Promise<boolean> {
  if (!isInteractive()) return false;
  const config = { message: printableLine(question), default: false };
  return (await prompt(({ confirm: ask }, context) => ask(config, context), 'nothing was changed')) ?? false;
}

/** Lets a person select one of the choices. Returns `undefined` when the input ends. Throws on Ctrl-C. */
export async function select(question: string, choices: readonly Choice[]): Promise<string | undefined> {
  const listed = choices.map(({ value, description }) => ({
    value,
    name: printableLine(value),
    description: description && printableLine(description),
  }));
  const config = { message: printableLine(question), choices: listed, pageSize: 12, loop: false };
  return prompt(({ select: ask }, context) => ask(config, context), 'nothing was written');
}

/** Inquirer's prompts wait for ever after Ctrl-D, so that this ends them. */
async function prompt<T>(
  ask: (library: typeof prompts, context: { output: NodeJS.WritableStream; signal: AbortSignal }) => Promise<T>,
  effect: string,
): Promise<T | undefined> {
  // Loaded only when something is asked, since it takes a while.
  const library = await import('@inquirer/prompts');
  const ended = new AbortController();
  const onEnd = () => ended.abort();
  const onKey = (_: string | undefined, { ctrl, name }: Key) => {
    if (ctrl && name === 'd') onEnd();
  };
  process.stdin.on('keypress', onKey).once('end', onEnd);
  try {
    return await ask(library, { output: terminalOf(process.stderr), signal: ended.signal });
  } catch (error) {
    if (ended.signal.aborted) return undefined;
    if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error;
    throw new InterruptedError(`The question was not answered; ${effect}.`, { fix: [] });
  } finally {
    process.stdin.off('keypress', onKey).off('end', onEnd);
  }
}
