import { describe, expect, it } from '@jest/globals';
import { blocksOf, countWords, sentencesOf } from './markdown.ts';
import { longSentences, missingAudience } from './prose.ts';

describe('blocksOf', () => {
  it('joins the lines of a paragraph and keeps items, cells and headings apart', () => {
    const page = '# Title\n\nOne\ntwo.\n- a\n  b\n1. c\n\n| x | y \\| z |\n| --- | --- |\n| `p` | q |\n';
    expect(blocksOf(page).map(({ line, text }) => [line, text])).toEqual([
      [1, 'Title'],
      [3, 'One two.'],
      [5, 'a b'],
      [7, 'c'],
      [9, 'x'],
      [9, 'y | z'],
      [11, '`p`'],
      [11, 'q'],
    ]);
  });

  it('leaves out code blocks, comments, rules and the targets of links', () => {
    const page = '<!-- a\nb -->\n```sh\n# no\n```\n\n---\n\nSee [the page](docs/x.md), **now**.\n';
    expect(blocksOf(page)).toEqual([{ line: 9, kind: 'paragraph', text: 'See the page, now.' }]);
  });
});

describe('sentencesOf', () => {
  it.each([
    ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
    ['Node 24.1 reads `a.b. C` and run.ts too. End', ['Node 24.1 reads `a.b. C` and run.ts too.', 'End']],
    ['Use a flag, e.g. `--x`, or a file etc. Then go on.', ['Use a flag, e.g. `--x`, or a file etc. Then go on.']],
    ['It ends. `code` begins.', ['It ends.', '`code` begins.']],
    ['(It ends.) "So." Next.', ['(It ends.)', '"So."', 'Next.']],
  ])('splits %j', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });

  it('counts code as one word, and no lone dash', () => {
    expect(countWords('Run `npm run demo` — now - or 2 times.')).toBe(6);
  });
});

describe('the rules of pages', () => {
  it('refuse a sentence of more than 25 words, and name its line', () => {
    const words = (count: number) => `Word${' word'.repeat(count - 1)}.`;
    expect(longSentences('a.md', `# A\n\n${words(25)} ${words(25)}\n`)).toEqual([]);
    expect(longSentences('a.md', `# A\n\n${words(26)}\n`)).toMatchObject([{ line: 3, rule: 'sentence' }]);
  });

  it('demand that the first paragraph says for whom the page is', () => {
    expect(missingAudience('a.md', '<!-- x -->\n\n# A\n\nFor operators: how to run it.\n')).toEqual([]);
    expect(missingAudience('a.md', '# A\n\nHow to run it. For all: x.\n')).toMatchObject([{ line: 3 }]);
  });
});
