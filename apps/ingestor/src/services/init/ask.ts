import { type IngestorError, printableLine } from '@tracebloc/ingestor-core';
import { isInteractive, select, type Choice } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';

export interface Question {
  /** What the answer decides. */
  about: 'table' | 'sheet' | 'task' | 'label' | 'label-policy';
  /** The question as a sentence: "Which column is the label?" */
  asks: string;
  /** The likeliest first. */
  choices: readonly Choice[];
  /** How to answer it in advance: "Give --label <column>." */
  answer: string;
}

/** Returns the answer, or `undefined` if nobody can be asked: the question then stays open. */
export type Ask = (question: Question) => Promise<string | undefined>;

/** The most choices that an error lists for a question. */
const MAX_LISTED = 20;

/** Returns a function that asks the person at the terminal, or that leaves all open without a terminal or with `--json`. */
export function askerFor(isJson: boolean): Ask {
  return isInteractive() && !isJson ? askPerson : async () => undefined;
}

async function askPerson(question: Question): Promise<string> {
  const answer = await select(question.asks, question.choices);
  if (answer === undefined) throw leftOpen([question]);
  return answer;
}

/** Asks, and keeps the questions that stay open, so that one run tells all of them. */
export class OpenQuestions {
  readonly list: Question[] = [];

  constructor(private readonly askOne: Ask) {}

  readonly ask: Ask = async (question) => {
    const answer = await this.askOne(question);
    if (answer === undefined) this.list.push(question);
    return answer;
  };

  /** Throws if a question stays open. `hints` are further things to do. */
  refuse(hints: readonly string[] = []): void {
    if (this.list.length > 0) throw leftOpen(this.list, hints);
  }
}

/** Returns the error of questions that stay open. With `--json` it has them as data, with all their choices. */
function leftOpen(questions: readonly Question[], hints: readonly string[] = []): IngestorError {
  const [only, ...others] = questions;
  const lines =
    others.length === 0
      ? [`${only!.asks} The data leaves it open:`, ...describeChoices(only!, '  ')]
      : [
          `The data leaves ${questions.length} questions open:`,
          ...questions.flatMap((question) => [`  ${question.asks}`, ...describeChoices(question, '    ')]),
        ];
  const error = makeError('ambiguous', {
    message: lines.join('\n'),
    fix: [...questions.map(({ answer }) => answer), ...hints],
  });
  return Object.assign(error, { questions: questions.map((question) => ({ ...question })) });
}

function describeChoices({ choices }: Question, indent: string): string[] {
  const lines = choices
    .slice(0, MAX_LISTED)
    .map(
      ({ value, description: about }) => `${indent}${printableLine(value)}${about ? `: ${printableLine(about)}` : ''}`,
    );
  const more = choices.length - lines.length;
  return more > 0 ? [...lines, `${indent}… and ${more} more`] : lines;
}
