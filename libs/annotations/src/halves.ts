import type { LayoutDetection, LayoutSplit, SurveyedOption } from '@tracebloc/ingestor-contract';

/** The splits of a dataset by their usual names, each as the configuration names it. */
export type Splits = ReadonlyMap<string, LayoutSplit>;

/** The usual names of the splits, by what people call them. */
const NAMES: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  dev: 'val',
  test: 'test',
  testing: 'test',
};

/** Returns `train`, `val` or `test` for the name of a folder or file that is one of a split, or ends in it. */
export function splitOf(name: string): string | undefined {
  const words = name
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return words.map((word) => NAMES[word]).find((split) => split !== undefined);
}

/**
 * Makes a train and a test half of splits. Without `test`, `val` is the test half; with both, it is in neither, which a
 * doubt says. Returns `undefined` if there is no split.
 */
export function halvesOf(splits: Splits): Pick<LayoutDetection, 'train' | 'test' | 'doubts'> | undefined {
  const names = [...splits.keys()];
  const train = ['train', 'val'].find((name) => splits.has(name)) ?? names.find((name) => name !== 'test') ?? names[0];
  const test = ['test', 'val'].find((name) => name !== train && splits.has(name));
  if (train === undefined) return undefined;
  const left = names.filter((name) => name !== train && name !== test);
  const doubts = left.map((name) => `The split ${name} is in neither the train nor the test half.`);
  if (test === 'val') doubts.push('The split val is the test half, since there is no split test.');
  return {
    train: splits.get(train)!,
    ...(test !== undefined && { test: splits.get(test)! }),
    ...(doubts.length > 0 && { doubts }),
  };
}

/** Returns the option that names a split, for `LayoutSplit.options`. */
export function splitOption(split: string): SurveyedOption {
  return { name: 'split', value: split, reason: 'the data has several splits' };
}

/** Returns a number with the word for what is counted: `1 image`, `2 images`, `3 classes`. */
export function counted(count: number, word: string): string {
  return `${count} ${count === 1 ? word : word.endsWith('s') ? `${word}es` : word.endsWith('x') ? `${word}es` : `${word}s`}`;
}
