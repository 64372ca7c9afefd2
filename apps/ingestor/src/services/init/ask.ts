import { printableLine, InterruptedError } from '@tracebloc/ingestor-core';
import { terminalOf } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';

/** Something that the data leaves open. */
export interface Question {
  /** As one would ask it: "Which column is the label?" */
  asks: string;
  /** The likeliest first. */
  choices: readonly Choice[];
  /** How to answer it without being asked: "Give --label <column>." */
  answer: string;
}

export interface Choice {
  value: string;
  /** What speaks for it. */
  about?: string;
}

export type Ask = (question: Question) => Promise<string>;

/** Choices that an error lists. */
const MAX_LISTED = 20;

/** What answers questions in a run like this: a person at a terminal, or nobody. */
export function askerFor(isJson: boolean): Ask {
  return process.stdin.isTTY && process.stderr.isTTY && !isJson ? askPerson : refuse;
}

async function askPerson({ asks, choices }: Question): Promise<string> {
  // Loaded where it is needed, since it takes a while.
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
