import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable } from '@tracebloc/ingestor-core';
import { CommentedMap, formatYaml } from './format.js';
import { toJson } from './located.js';
import { parseYaml } from './parse.js';

it('comments do not change the values of a file, for all names, values and comments', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('\u009b31m', '\u202ea', 'a\u2028b', '\u0085', '\u200f', 'a\u001b]0;b\u0007', '\ufeffa'),
    fc.constantFrom('yes', 'null', '~', '007', '1e3', 'a: b', 'a #b', '- x', '? x', 'a\nb', '', ' x', '"', '<<', '*a'),
  );
  const comment = fc.option(text, { nil: undefined });
  const leaf = fc.record({ name: text, value: fc.oneof(text, fc.record({ column: text })), comment });
  const leaves = fc.uniqueArray(leaf, { selector: ({ name }) => name });
  const map = fc.tuple(leaves, comment).map(([fields, below]) => new CommentedMap(fields, below));
  fc.assert(
    fc.property(map, map, comment, (inner, outer, top) => {
      const schema = { name: 'schema of columns', value: inner, comment: top };
      const document = new CommentedMap([schema, ...outer.fields], top);
      const yaml = formatYaml(document);
      expect(printable(yaml)).toBe(yaml);
      const { root, problems } = parseYaml(yaml, 'ingest.yaml', '/');
      expect(problems).toEqual([]);
      expect(toJson(root!)).toEqual(document.toJSON());
    }),
  );
});
