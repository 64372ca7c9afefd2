import { withoutTrailing } from '@tracebloc/ingestor-core';
import type { SqlType } from '@tracebloc/ingestor-contract';
import type { Check, ValueProblem } from './problem.js';

/** The most bytes of a TEXT column. */
const MAX_TEXT_BYTES = 65_535;

/** Whether a text has more characters (code points) than the limit. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  let characters = 0;
  for (let index = 0; index < text.length; characters++) index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  return characters > limit;
}

/** Checks the length of a text. A CHAR loses the spaces at its end, because SQL pads it with spaces and removes them again. */
export function checkText({ name, length }: SqlType): Check {
  if (length !== undefined) {
    const tooLong: ValueProblem = { code: 'text-too-long', expected: `at most ${length} characters` };
    if (name === 'CHAR') {
      return (raw) => {
        const text = withoutTrailing(' ', raw);
        return isLongerThan(text, length) ? tooLong : text;
      };
    }
    return (raw) => (isLongerThan(raw, length) ? tooLong : raw);
  }
  const tooLong: ValueProblem = { code: 'text-too-long', expected: `at most ${MAX_TEXT_BYTES} bytes in a ${name}` };
  return (raw) => (raw.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(raw) > MAX_TEXT_BYTES ? tooLong : raw);
}

const BOOLEANS: ReadonlyMap<string, string> = new Map([
  ...['true', 't', 'yes', 'y', '1', '1.0'].map((word) => [word, '1'] as const),
  ...['false', 'f', 'no', 'n', '0', '0.0'].map((word) => [word, '0'] as const),
]);

/** Converts the words of a BOOLEAN to 1 or 0. */
export function checkBoolean(): Check {
  const notBoolean: ValueProblem = { code: 'not-a-boolean', expected: [...BOOLEANS.keys()].join(', ') };
  return (raw) => BOOLEANS.get(raw) ?? BOOLEANS.get(raw.trim().toLowerCase()) ?? notBoolean;
}
