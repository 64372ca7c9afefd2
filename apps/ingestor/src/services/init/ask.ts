import { printableLine } from '@tracebloc/ingestor-core';
import { isInteractive, select, type Choice } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';

export interface Question {
  /** The question as a sentence: "Which column is the label?" */
  asks: string;
  /** The likeliest first. */
  choices: readonly Choice[];
  /** How to answer it in advance: "Give --label <column>." */
  answer: string;
}

export type Ask = (question: Question) => Promise<string>;

/** The most choices that an error lists. */
const MAX_LISTED = 20;

/** Returns a function that asks the person at the terminal, or that throws when there is no terminal or `--json` is set. */
export function askerFor(isJson: boolean): Ask {
  return isInteractive() && !isJson ? askPerson : refuse;
}

async function askPerson(question: Question): Promise<string> {
  return (await select(question.asks, question.choices)) ?? refuse(question);
}

async function refuse({ asks, choices, answer }: Question): Promise<never> {
  const lines = choices
    .slice(0, MAX_LISTED)
    .map(({ value, description: about }) => `  ${printableLine(value)}${about ? `: ${printableLine(about)}` : ''}`);
  const more = choices.length - lines.length;
  throw makeError('ambiguous', {
    message: [`${asks} The data leaves it open:`, ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n'),
    fix: answer,
  });
}
