import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkMarkdown, checkTypeScript, checkYaml, readGlossary } from './glossary.ts';

const conventions = readFileSync(new URL('../../docs/conventions.md', import.meta.url), 'utf8');
const glossary = readGlossary(conventions);
const found = (text: string) => checkTypeScript('a.ts', text, glossary).map(({ line, rule }) => `${line} ${rule}`);

describe('the glossary', () => {
  it('is that of docs/conventions.md', () => {
    expect(glossary.identifiers.get('Places')).toBe('`Stores`');
    expect(glossary.identifiers.get('ShardPlace')).toBe('`ShardPosition`, `ShardRange`');
    expect(glossary.phrases.has('where there is none')).toBe(true);
  });

  it('forbids identifiers in code, but not in texts and parts of other names', () => {
    expect(found('const a = 1;\nexport const Places = a;')).toEqual(['2 identifier']);
    expect(found("const fallingInPlaces = 'Places';\n// Places")).toEqual([]);
  });

  it.each([
    ['a doc comment', '/** One.\n * Undefined where\n * there is none. */\nconst a = 1;', ['2 phrase']],
    ['a line comment', 'const a = 1; // x\n// Is of its own.', ['2 phrase']],
    ['a text', "const a = `\n${'x'} is no time`;", ['2 phrase']],
  ])('forbids phrases in %s', (_, text, problems) => {
    expect(found(text)).toEqual(problems);
  });

  it('allows "there is no" and "is no longer"', () => {
    expect(found("throw new Error('There is no dataset, it is no longer there.');")).toEqual([]);
  });

  it('forbids phrases in pages outside code, and in comments of YAML', () => {
    const page = '# A\n\nText at\nonce.\n\n```\nat once\n```\n\n`at once`\n';
    expect(checkMarkdown('a.md', page, glossary)).toMatchObject([{ line: 3, rule: 'phrase' }]);
    expect(checkYaml('a.yaml', 'a: at once\nb: 1 # at once\n', glossary)).toMatchObject([{ line: 2 }]);
  });
});
