import { ValueSketch } from '@tracebloc/ingestor-core';
import type { DatasetStatistics, StatisticDefinition, StatisticsSink } from '@tracebloc/ingestor-contract';

/** The keys of a statistic that are counted one by one. */
const MAX_KEYS = 1000;

/** The statistic of the numeric labels of tasks whose labels are no classes. */
export const LABEL_STATISTIC = 'label';

/** The statistic of the classes in labels that are several classes each. */
export const CLASS_STATISTIC = 'classes';

const OF_LABELS: readonly StatisticDefinition[] = [
  { name: LABEL_STATISTIC, title: 'Labels', kind: 'values' },
  { name: CLASS_STATISTIC, title: 'Labels, each class of several by itself', kind: 'counts' },
];

interface Counter {
  counts: Map<string, number>;
  others: number;
}

/** Collects what a task counts and measures, in bounded memory. */
export class StatisticsCollector implements StatisticsSink {
  readonly #counters = new Map<string, Counter>();
  readonly #sketches = new Map<string, ValueSketch>();
  readonly #definitions: readonly StatisticDefinition[];

  /** Only statistics that are defined are in the result. */
  constructor(definitions: readonly StatisticDefinition[] = []) {
    this.#definitions = [...OF_LABELS, ...definitions];
  }

  count(name: string, key: string, times = 1): void {
    let counter = this.#counters.get(name);
    if (!counter) this.#counters.set(name, (counter = { counts: new Map(), others: 0 }));
    const known = counter.counts.get(key);
    if (known === undefined && counter.counts.size >= MAX_KEYS) counter.others += times;
    else counter.counts.set(key, (known ?? 0) + times);
  }

  measure(name: string, value: number): void {
    let sketch = this.#sketches.get(name);
    if (!sketch) this.#sketches.set(name, (sketch = new ValueSketch()));
    sketch.add(value);
  }

  /** Adds what was collected elsewhere. */
  merge(statistics: DatasetStatistics): void {
    for (const [name, one] of Object.entries(statistics)) {
      if (one.kind === 'values') {
        const sketch = this.#sketches.get(name) ?? new ValueSketch();
        sketch.merge(one);
        this.#sketches.set(name, sketch);
      } else {
        for (const [key, times] of Object.entries(one.counts)) this.count(name, key, times);
        if (one.others > 0) this.#counters.get(name)!.others += one.others;
      }
    }
  }

  /** What was counted and measured, in the order of the definitions. It is empty if that is nothing. */
  get result(): DatasetStatistics {
    const found: DatasetStatistics = {};
    for (const { name, title } of this.#definitions) {
      const counter = this.#counters.get(name);
      const sketch = this.#sketches.get(name);
      if (counter) {
        const { counts, others } = counter;
        found[name] = { title, kind: 'counts', counts: Object.fromEntries(counts), others };
      } else if (sketch) found[name] = { title, kind: 'values', ...sketch.data };
    }
    return found;
  }
}

/** Returns the statistics of all shards together. */
export function mergeStatistics(
  parts: readonly DatasetStatistics[],
  definitions: readonly StatisticDefinition[] = [],
): DatasetStatistics {
  const collector = new StatisticsCollector(definitions);
  for (const part of parts) collector.merge(part);
  return collector.result;
}
