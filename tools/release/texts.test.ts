import { expect, it } from '@jest/globals';
import { promoteUnreleased, replaceVersion } from './texts.ts';

it('makes the section Unreleased that of the version', () => {
  const released = promoteUnreleased('# Changelog\n\n## Unreleased\n\n- One.\n', '0.2.0', '2026-01-02');
  expect(released).toBe('# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-01-02)\n\n- One.\n');
  expect(() => promoteUnreleased('# Changelog\n', '0.2.0', '2026-01-02')).toThrow('Unreleased');
});

it('replaces the version of the image and no other number', () => {
  const text = "ARG VERSION=0.1.0\nimage: tracebloc/ingestor:0.1.0\nlabel 'a' '0.1.0'\nother 0.1.0, VERSION=0.1.01";
  const replaced = "ARG VERSION=0.2.0\nimage: tracebloc/ingestor:0.2.0\nlabel 'a' '0.2.0'\nother 0.1.0, VERSION=0.1.01";
  expect(replaceVersion(text, '0.1.0', '0.2.0')).toBe(replaced);
});
