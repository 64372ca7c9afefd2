import { withoutTrailing } from '@tracebloc/ingestor-core';
import type { SqlType } from '@tracebloc/ingestor-contract';
import type { Check, ValueProblem } from './problem.js';

/** Bytes that a TEXT column holds. */
const MAX_TEXT_BYTES = 65_535;

/** Whether a text has more characters (code points) than the limit. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  let characters = 0;
  for (let index = 0; index < text.length; characters++) index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  return characters > limit;
}

/** Text within its length, as written; a CHAR without spaces at its end, which SQL pads it with and takes away again. */
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
  ...['true', 't', 'yes', 'y', '1'].map((word) => [word, '1'] as const),
  ...['false', 'f', 'no', 'n', '0'].map((word) => [word, '0'] as const),
]);

/** The words of a BOOLEAN, as 1 or 0. */
export function checkBoolean(): Check {
  const notBoolean: ValueProblem = { code: 'not-a-boolean', expected: [...BOOLEANS.keys()].join(', ') };
  return (raw) => BOOLEANS.get(raw) ?? BOOLEANS.get(raw.trim().toLowerCase()) ?? notBoolean;
}
