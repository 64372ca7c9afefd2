import { printableLine, InterruptedError } from '@tracebloc/ingestor-core';
import { terminalOf } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';

export interface Question {
  /** The question as a sentence: "Which column is the label?" */
  asks: string;
  /** The likeliest first. */
  choices: readonly Choice[];
  /** How to answer it in advance: "Give --label <column>." */
  answer: string;
}

export interface Choice {
  value: string;
  /** The reason for this choice. */
  about?: string;
}

export type Ask = (question: Question) => Promise<string>;

/** The most choices that an error lists. */
const MAX_LISTED = 20;

/** Returns a function that asks the person at the terminal, or that throws when there is no terminal or `--json` is set. */
export function askerFor(isJson: boolean): Ask {
  return process.stdin.isTTY && process.stderr.isTTY && !isJson ? askPerson : refuse;
}

async function askPerson({ asks, choices }: Question): Promise<string> {
  // Loaded only when it is needed, since loading takes long.
  const { select } = await import('@inquirer/prompts');
  const listed = choices.map(({ value, about }) => ({
    value,
    name: printableLine(value),
    description: about && printableLine(about),
  }));
  try {
    return await select(
      { message: printableLine(asks), choices: listed, pageSize: 12, loop: false },
      { output: terminalOf(process.stderr) },
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error;
    const message = 'The question was not answered; nothing was written.';
    throw new InterruptedError(message, { fix: [] });
  }
}

async function refuse({ asks, choices, answer }: Question): Promise<never> {
  const lines = choices
    .slice(0, MAX_LISTED)
    .map(({ value, about }) => `  ${printableLine(value)}${about ? `: ${printableLine(about)}` : ''}`);
  const more = choices.length - lines.length;
  throw makeError('ambiguous', {
    message: [`${asks} The data leaves it open:`, ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n'),
    fix: answer,
  });
}
