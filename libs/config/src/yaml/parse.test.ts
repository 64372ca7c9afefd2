import { describe, expect, it } from '@jest/globals';
import { formatProblem } from '../errors.js';
import { find, toJson } from './located.js';
import { fromObject, parseYaml } from './parse.js';

const parse = (text: string) => parseYaml(text, 'f.yaml', '/folder');
const problems = (text: string) => parse(text).problems.map(formatProblem);

describe('parseYaml', () => {
  it('keeps the place of every key and value', () => {
    const { root } = parse('a: 1\nb:\n  - x\n  - {c: "y"}\n');
    expect(toJson(root!)).toEqual({ a: 1, b: ['x', { c: 'y' }] });
    expect(find(root, ['b', '1', 'c'])).toMatchObject({
      origin: { source: 'f.yaml', line: 4, column: 9, folder: '/folder' },
      keyOrigin: { line: 4, column: 6 },
    });
  });

  it('keeps the order of keys that look like numbers, and the text of scalars', () => {
    const { root } = parse('{b: 1.0, 2: x, 1: 007, 1.50: y, true: ~}');
    expect(root?.kind === 'map' && [...root.entries.keys()]).toEqual(['b', '2', '1', '1.50', 'true']);
    expect(find(root, ['b'])).toMatchObject({ value: 1, text: '1.0' });
    expect(find(root, ['1'])).toMatchObject({ text: '007' });
  });

  it('accepts names with a meaning in JavaScript', () => {
    const { root } = parse('{__proto__: {x: 1}, constructor: 2}');
    expect(Object.keys(toJson(root!) as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('resolves aliases and merge keys, and the fields of the map itself win', () => {
    const { root } = parse('base: &b {x: 1, y: 2}\nsame: *b\nmore: {<<: *b, y: 3}\nboth: {<<: [*b, {z: 4}]}\n');
    expect(toJson(root!)).toEqual({
      base: { x: 1, y: 2 },
      same: { x: 1, y: 2 },
      more: { x: 1, y: 3 },
      both: { x: 1, y: 2, z: 4 },
    });
  });

  it('resolves an alias to the last anchor of its name before it', () => {
    const { root } = parse('a: &x 1\nb: &y [&x 2]\nc: *x\nd: &x 3\ne: *y\nf: *x\n? &k g\n: *k\n');
    expect(toJson(root!)).toEqual({ a: 1, b: [2], c: 2, d: 3, e: [2], f: 3, g: 'g' });
  });

  it('accepts a BOM and CRLF', () => {
    expect(find(parse('\uFEFFa: 1\r\nb: 2\r\n').root, ['b'])).toMatchObject({
      value: 2,
      origin: { line: 2, column: 4 },
    });
  });

  it.each([
    ['a tab', 'a:\n\tb: 1\n', 'f.yaml:2:1: a tab is used for indentation, which YAML does not allow — Use spaces.'],
    [
      'a tab after spaces',
      'a:\n  \tb: 1\n  c: 2\n',
      'f.yaml:2:3: a tab is used for indentation, which YAML does not allow — Use spaces.',
    ],
    [
      'an open quote',
      'a: "b\n',
      'f.yaml:2:1: a quote, bracket or colon is missing — Close what was opened, and write fields as "name: value".',
    ],
    [
      'an open brace',
      'a: {b: 1\n',
      'f.yaml:2:1: a quote, bracket or colon is missing — Close what was opened, and write fields as "name: value".',
    ],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 'f.yaml:3:1: the field is given twice — Keep one of the two.'],
    [
      'a key twice, as a number and as text',
      '{1: a, "1": b}',
      'f.yaml:1:8: the field is given twice — Keep one of the two.',
    ],
    ['two merge keys', 'a: &a {}\nb: {<<: *a, <<: *a}', 'f.yaml:2:13: the field is given twice — Keep one of the two.'],
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      'f.yaml:2:1: the file contains more than one document — Keep one; remove the second "---" and what follows it.',
    ],
    [
      'two fields a line',
      'a: b: c\n',
      'f.yaml:1:4: a second "name: value" is on the same line, or the line before is not finished — Write each field on its own line; put text that contains ": " in quotes.',
    ],
    ['an at sign', 'a: @b\n', 'f.yaml:1:4: a value cannot begin with this character — Put the value in quotes.'],
    [
      'a bad escape',
      'a: "C:\\data"\n',
      'f.yaml:1:7: the backslash in this double-quoted text begins no valid escape — Use single quotes, or write the backslash twice.',
    ],
    [
      'an unknown alias',
      'a: *b\n',
      'f.yaml:1:4: the document contains an alias (*name) without its anchor (&name) — Define the anchor before it, or put the text in quotes.',
    ],
    [
      'an alias of itself',
      'a: &x\n  b: *x\n',
      'f.yaml:2:6: the document contains an alias that refers to itself — Write the value out instead.',
    ],
    [
      'a list as a name',
      '[a, b]: 1\n',
      'f.yaml:1:1: the document contains a name that is not text — Put the name in quotes.',
    ],
    [
      'a merge of text',
      'a: {<<: x}\n',
      'f.yaml:1:9: the document contains a merge key (<<) that is not a mapping — Point it at a mapping.',
    ],
  ])('says in plain words what is wrong with %s', (_name, text, expected) => {
    expect(problems(text)[0]).toBe(expected);
  });

  it('reports every tab and no errors that follow from it', () => {
    expect(problems('a:\n\tb: 1\n\tc: "\n')).toHaveLength(2);
  });

  it('accepts a tab inside text', () => {
    expect(problems('a: "x\ty"\n')).toEqual([]);
  });

  it('limits aliases that multiply and extreme nesting', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`);
    expect(problems(`a0: &a0 x\n${levels.join('\n')}\n`)[0]).toContain('more than 200000 values');
    expect(problems('['.repeat(100_000))).not.toEqual([]);
  });
});

describe('fromObject', () => {
  it('reads plain data and leaves undefined values out', () => {
    const { root, problems: found } = fromObject({ a: [1, null], b: undefined, '2': 'x' }, 'configuration', '/f');
    expect(found).toEqual([]);
    expect(toJson(root!)).toEqual({ a: [1, null], '2': 'x' });
    expect(root!.origin).toEqual({ source: 'configuration', folder: '/f' });
  });

  it('refuses what is not data', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(fromObject(cyclic, 'configuration', '/f').problems).toHaveLength(1);
    expect(fromObject({ n: 1n }, 'configuration', '/f').problems).toHaveLength(1);
  });
});

it('stops after a number of errors', () => {
  const { root, problems } = parse(`a: 1\nb: "${'\\q\n  '.repeat(20_000)}"\n`);
  expect([root, problems.length]).toEqual([undefined, 1000]);
  expect(problems[0]).toMatchObject({
    line: 2,
    message: 'the backslash in this double-quoted text begins no valid escape',
  });
});
