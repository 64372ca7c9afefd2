import { blocksOf, countWords, sentencesOf } from './markdown.ts';
import type { Problem } from './problem.ts';

const MOST_WORDS = 25;

/** Returns the sentences of a Markdown page that are too long. */
export function longSentences(file: string, markdown: string): Problem[] {
  return blocksOf(markdown).flatMap(({ line, text }) =>
    sentencesOf(text).flatMap((sentence): Problem[] => {
      const words = countWords(sentence);
      if (words <= MOST_WORDS) return [];
      return [{ file, line, rule: 'sentence', message: `${words} words: ${sentence}` }];
    }),
  );
}

/** Returns a problem when the page does not say for whom it is: its first paragraph must start with "For ...:". */
export function missingAudience(file: string, markdown: string): Problem[] {
  const first = blocksOf(markdown).find(({ kind }) => kind === 'paragraph');
  if (first !== undefined && /^For [^:.]+:/.test(first.text)) return [];
  const message = 'the first line does not say for whom the page is: "For ...: ..."';
  return [{ file, line: first?.line ?? 1, rule: 'audience', message }];
}
