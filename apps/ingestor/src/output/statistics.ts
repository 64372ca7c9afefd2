import { printableLine, ValueSketch } from '@tracebloc/ingestor-core';
import type { CountStatistic, DatasetStatistics, ValueStatistic } from '@tracebloc/ingestor-contract';
import { count, padded, textWidth } from '@tracebloc/ingestor-cli';

/** The most keys of a statistic that are shown. */
const MAX_KEYS = 20;

/** The fractions of the values below the numbers that are shown, with their names. */
const QUANTILES: readonly (readonly [name: string, fraction: number])[] = [
  ['5 %', 0.05],
  ['25 %', 0.25],
  ['median', 0.5],
  ['75 %', 0.75],
  ['95 %', 0.95],
];

/** Renders what was counted and measured of a dataset. */
export function renderStatistics(statistics: DatasetStatistics): string[] {
  return Object.values(statistics).flatMap((statistic) => {
    const { title } = statistic;
    const heading = title.charAt(0).toLowerCase() + title.slice(1);
    return statistic.kind === 'counts' ? renderCounts(heading, statistic) : renderValues(heading, statistic);
  });
}

function renderCounts(title: string, { counts, others }: CountStatistic): string[] {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const listed = sorted.slice(0, MAX_KEYS).map(([key, times]) => ({ key: printableLine(key), times }));
  const width = Math.max(0, ...listed.map(({ key }) => textWidth(key)));
  const more = sorted.length - listed.length;
  return [
    `  ${title}`,
    ...listed.map(({ key, times }) => `    ${padded(key, width)}  ${count(times)}`),
    ...(more > 0 ? [`    … and ${count(more)} more`] : []),
    ...(others > 0 ? [`    further ones  ${count(others)}`] : []),
  ];
}

function renderValues(title: string, statistic: ValueStatistic): string[] {
  const sketch = ValueSketch.of(statistic);
  const numbers: [string, number][] = [
    ['minimum', sketch.min],
    ...QUANTILES.map(([name, fraction]): [string, number] => [name, sketch.quantile(fraction)]),
    ['maximum', sketch.max],
    ['mean', sketch.mean],
    ...(sketch.count > 1 ? [['deviation', sketch.deviation] as [string, number]] : []),
  ];
  const width = Math.max(...numbers.map(([name]) => name.length));
  return [`  ${title}`, ...numbers.map(([name, value]) => `    ${name.padEnd(width)}  ${shortNumber(value)}`)];
}

/** Returns a number with at most four significant digits, since quantiles are known to one per cent. */
const shortNumber = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: Math.abs(value) >= 1000 ? 6 : 4 });
