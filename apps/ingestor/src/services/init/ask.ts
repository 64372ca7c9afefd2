import { printableLine } from '@tracebloc/ingestor-core';
import { isInteractive, select, type Choice } from '@tracebloc/ingestor-cli';
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

export type Ask = (question: Question) => Promise<string>;

/** Choices that an error lists. */
const MAX_LISTED = 20;

/** Returns who answers the questions of this run: a person at a terminal, or nobody. */
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
