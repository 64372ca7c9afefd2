/** What a task counts or measures of the records that pass: boxes a class, words of a text. */
export interface StatisticDefinition {
  /** In kebab-case: `boxes`. */
  name: string;
  /** As people read it: `Boxes a class`. */
  title: string;
  /** `counts`: how often each key occurs. `values`: how numbers are distributed. */
  kind: 'counts' | 'values';
}

/** Receives what a task counts and measures. A shard gives it only what belongs to its own rows. */
export interface StatisticsSink {
  /** Adds `times` (default: 1) to the count of a key, such as a class. */
  count(name: string, key: string, times?: number): void;
  /** Adds a number to a distribution. */
  measure(name: string, value: number): void;
}

/** Counts by their keys. Of many keys the first ones are counted, and all further ones together. */
export interface CountStatistic {
  kind: 'counts';
  counts: Record<string, number>;
  /** What was counted of further keys. */
  others: number;
}

/** A distribution of numbers, see `ValueSketch`. */
export interface ValueStatistic {
  kind: 'values';
  count: number;
  min: number;
  max: number;
  sum: number;
  /** The sum of the squared differences from the mean. */
  squares: number;
  /** The number of values in each bucket, by the bucket's index. */
  positive: Record<string, number>;
  negative: Record<string, number>;
  zeros: number;
  /** Whether all values are whole numbers. */
  isWhole: boolean;
}

/**
 * Statistics of a dataset by their names, each with its title. They hold no cell but the keys that a task counts, which are its
 * classes.
 */
export type DatasetStatistics = Record<string, (CountStatistic | ValueStatistic) & { title: string }>;
