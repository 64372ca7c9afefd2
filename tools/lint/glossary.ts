import ts from 'typescript';
import { blocksOf } from './markdown.ts';
import { lineAt, type Problem } from './problem.ts';

/** The words that must not occur, as docs/conventions.md lists them. */
export interface Glossary {
  /** Banned identifiers, each with the one to use. */
  identifiers: ReadonlyMap<string, string>;
  /** Banned phrases, each with a better one. */
  phrases: ReadonlyMap<string, string>;
}

/** What may stand before or after a phrase to make it right. */
const RIGHT: Readonly<Record<string, RegExp>> = {
  'is no': /\b(?:there|here) is no\b|\bis no (?:longer|more|other|less)\b/i,
};

/** Reads the tables "Words" and "Phrases" of the conventions. */
export function readGlossary(conventions: string): Glossary {
  const rowsOf = (title: string) => {
    const [, section = ''] = conventions.split(`\n## ${title}\n`);
    const rows = section
      .split('\n## ')[0]!
      .split('\n')
      .filter((line) => line.startsWith('|'));
    return rows.slice(2).map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  };
  const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  return {
    identifiers: new Map(rowsOf('Words').flatMap(([, use, not]) => codeIn(not!).map((name) => [name, use!] as const))),
    phrases: new Map(rowsOf('Phrases').flatMap(([not, but]) => codeIn(not!).map((phrase) => [phrase, but!] as const))),
  };
}

/** Returns the banned identifiers in the code, and the banned phrases in the comments and texts, of a TypeScript file. */
export function checkTypeScript(file: string, text: string, glossary: Glossary): Problem[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false);
  const problems: Problem[] = [];
  const comments = new Map<number, number>();
  const visit = (node: ts.Node) => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) comments.set(pos, end);
    if (ts.isIdentifier(node)) problems.push(...checkName(file, text, node.getStart(source), node.text, glossary));
    else if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      problems.push(...checkProse(file, text, node.getStart(source), node.getText(source), glossary));
      if (!ts.isTemplateExpression(node)) return;
    }
    for (const child of node.getChildren(source)) if (child.kind !== ts.SyntaxKind.JSDoc) visit(child);
  };
  visit(source);
  for (const [pos, end] of comments) {
    // Lines of one comment are one text; the decoration becomes blanks of the same length.
    const comment = text.slice(pos, end).replaceAll(/^[ \t]*\*/gm, (decoration) => ' '.repeat(decoration.length));
    problems.push(...checkProse(file, text, pos, comment, glossary));
  }
  return problems;
}

/** Returns the banned phrases in the prose of a Markdown page. Text in backticks is left out. */
export function checkMarkdown(file: string, markdown: string, glossary: Glossary): Problem[] {
  return blocksOf(markdown).flatMap((block) => {
    const text = block.text.replaceAll(/`[^`]*`/g, 'x');
    return checkProse(file, text, 0, text, glossary).map((problem) => ({ ...problem, line: block.line }));
  });
}

/** Returns the banned phrases in the comments of a YAML file. */
export function checkYaml(file: string, text: string, glossary: Glossary): Problem[] {
  return [...text.matchAll(/(?:^|\s)#.*$/gm)].flatMap(({ index, 0: comment }) =>
    checkProse(file, text, index, comment, glossary),
  );
}

function checkName(file: string, text: string, offset: number, name: string, { identifiers }: Glossary): Problem[] {
  const use = identifiers.get(name);
  if (use === undefined) return [];
  return [{ file, line: lineAt(text, offset), rule: 'identifier', message: `${name}: use ${use}` }];
}

function checkProse(file: string, text: string, offset: number, prose: string, { phrases }: Glossary): Problem[] {
  return [...phrases].flatMap(([phrase, but]) => {
    const pattern = new RegExp(`\\b${phrase.replaceAll(' ', '\\s+')}\\b`, 'gi');
    return [...prose.matchAll(pattern)].flatMap(({ index, 0: found }): Problem[] => {
      const around = prose.slice(Math.max(0, index - 8), index + found.length + 8).replaceAll(/\s+/g, ' ');
      if (RIGHT[phrase]?.test(around)) return [];
      return [{ file, line: lineAt(text, offset + index), rule: 'phrase', message: `"${phrase}": write ${but}` }];
    });
  });
}
