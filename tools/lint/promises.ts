import type { Problem } from './problem.ts';

/** Returns the texts of the test files whose path ends with the name; empty if there is none. */
export type FindTests = (name: string) => readonly string[];

const ITEM = /^\s*- /;
/** The name of a test file in code, or the title of a test in italics. */
const MENTION = /`([\w./-]+\.test\.ts)`|(?<![\w\\])_((?:[^_`\\]|`[^`]*`|\\_|(?<=\w)_(?=\w))+)_(?!\w)/g;

/**
 * Finds tests that a page names as what shows a promise, and that do not exist: an item of a list has the name of a test file
 * in code, and after it titles of its tests in italics, in which `…` stands for anything.
 */
export function missingTests(file: string, text: string, find: FindTests): Problem[] {
  const problems: Problem[] = [];
  for (const { line, content } of items(text)) {
    let tests: readonly string[] | undefined;
    for (const [, name, title] of content.matchAll(MENTION)) {
      if (name !== undefined) {
        tests = find(name);
        if (tests.length === 0) problems.push(problem(file, line, `there is no test file ${name}`));
      } else if (tests !== undefined && tests.length > 0 && !tests.some((test) => hasTitle(test, title!))) {
        problems.push(problem(file, line, `no test has the title "${title}"`));
      }
    }
  }
  return problems;
}

/** Returns the items of lists, each in one line, with the line on which it begins. */
function items(text: string): { line: number; content: string }[] {
  const found: { line: number; content: string }[] = [];
  let isOpen = false;
  text.split('\n').forEach((content, index) => {
    if (ITEM.test(content)) found.push({ line: index + 1, content });
    else if (isOpen && /^\s+\S/.test(content)) found.at(-1)!.content += ` ${content.trim()}`;
    isOpen = ITEM.test(content) || (isOpen && /^\s+\S/.test(content));
  });
  return found;
}

function hasTitle(test: string, title: string): boolean {
  const flat = test.replaceAll(/\\(['"`])/g, '$1').replaceAll(/\s+/g, ' ');
  return title
    .replaceAll('\\_', '_')
    .split('…')
    .map((part) => part.replaceAll(/\s+/g, ' ').trim())
    .every((part) => flat.includes(part));
}

function problem(file: string, line: number, message: string): Problem {
  return { file, line, rule: 'promise', message };
}
