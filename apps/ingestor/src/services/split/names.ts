import type { Intent } from '@tracebloc/ingestor-contract';

/** The end of a name that says what the data is for, such as `_train` and `.training`, and the whole name `train`. */
const TRAIN = /(?<=^|[._-])train(?=(?:ing)?$)/i;

/**
 * Returns the name of a side. A name that ends in `train` keeps that end for training and has `test` in its place for
 * testing, in the same case. Another name gets the side after a separator: `customers_train`, `customers_test`.
 */
export function nameOfSide(name: string, side: Intent, separator: string): string {
  if (!TRAIN.test(name)) return `${name}${separator}${side}`;
  return side === 'train' ? name : name.replace(TRAIN, inCaseOf);
}

/** Returns `test`, `Test` or `TEST`. */
function inCaseOf(word: string): string {
  if (word === word.toUpperCase()) return 'TEST';
  return word[0] === 'T' ? 'Test' : 'test';
}
