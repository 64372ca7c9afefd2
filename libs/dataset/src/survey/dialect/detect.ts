import { CSV_DEFAULTS, delimiterFor, WHITESPACE } from '@tracebloc/ingestor-core';
import { statedDelimiter } from '../../manifest/csv/dialect.js';
import { type Candidate, candidatesFor } from './candidates.js';
import { type Fit, fitOf } from './fit.js';
import { DOUBTED, isSingleColumn, type Layout, layoutOf } from './layout.js';
import { describeOptions, nameOf } from './reasons.js';
import { hasInitialSpaces } from './spaces.js';
import type { SampleRecord } from './sample-records.js';
import type { DetectedDialect, DialectOptions, DialectSample } from './types.js';

/** The readings that are examined closely. */
const EXAMINED = 6;
/** The characters by which readings of a long sample are chosen. */
const FIRST_LOOK = 48 * 1024;
/** The least share of the best score that a reading needs in that. */
const CHOSEN = 0.3;
/** The least score of a reading that is used. */
const MIN_SCORE = 0.17;
/** How near the score of another reading must be to the best, so that both are told. */
const EQUAL = 0.93;

/**
 * Detects how a CSV is written, as far as that differs from the defaults. What is not certain is not among the options: the
 * reader reports what does not fit.
 */
export function detectDialect(sample: DialectSample): DetectedDialect {
  const { head, complete } = sample;
  if (head.trim() === '') return { options: {}, reasons: {}, alternatives: [] };
  const fits = chooseCandidates(head)
    .map((candidate) => fitOf(head, candidate, complete))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, EXAMINED);
  const layouts = fits
    .map((fit) => layoutOf(fit, sample))
    .filter((layout) => layout !== undefined)
    .sort((a, b) => scoreOf(b) - scoreOf(a));
  const [best, ...others] = layouts;
  if (!best || scoreOf(best) < MIN_SCORE) return singleColumn(sample, layouts.find(isLikely));
  const isSingle = isSingleColumn(best.fit);
  if (isSingle && best.fit.dialect.delimiter !== CSV_DEFAULTS.delimiter) return singleColumn(sample);

  const options = optionsOf(best, sample);
  const alternatives = [...best.doubts];
  if (isSingle) alternatives.unshift('If each line is one number with a decimal comma, the file has only one column.');
  const other = others.find((layout) => scoreOf(layout) >= EQUAL * scoreOf(best) && differ(layout.fit, best.fit));
  if (other) alternatives.unshift(`${nameOf(other.fit.dialect)} fits nearly as well as ${nameOf(best.fit.dialect)}.`);
  return { options, reasons: describeOptions(options, best, sample), alternatives };
}

/** Returns the dialects in which the sample may be written, of a long one those that fit its beginning. */
function chooseCandidates(head: string): Candidate[] {
  const candidates = candidatesFor(head);
  if (head.length < 2 * FIRST_LOOK) return candidates;
  const start = head.slice(0, FIRST_LOOK);
  const scores = candidates.map((candidate) => fitOf(start, candidate, false).score);
  const best = Math.max(...scores);
  return candidates.filter((_, index) => scores[index]! >= CHOSEN * best);
}

/** Whether the delimiter is one that hardly occurs in texts, cells are aligned, or some column has numbers or times. */
function isLikely({ columns, fit: { dialect, records } }: Layout): boolean {
  const aligned = records.filter(({ text }) => /\S {2,}\S/.test(text)).length;
  if (dialect.delimiter === WHITESPACE && 2 * aligned > records.length) return true;
  return !DOUBTED.has(dialect.delimiter) || columns.some(({ kind }) => kind === 'number' || kind === 'time');
}

const scoreOf = ({ fit, plausibility }: Layout): number => fit.score * plausibility;

/** Whether two readings give different cells. */
function differ(one: Fit, other: Fit): boolean {
  const cellsOf = ({ records }: Fit) =>
    JSON.stringify(records.slice(0, 50).map(({ cells }) => cells.map((cell) => cell.trim())));
  return cellsOf(one) !== cellsOf(other);
}

function optionsOf(layout: Layout, { head, path, complete }: DialectSample): DialectOptions {
  const { fit, header, comments, footer, skippedLines } = layout;
  const { delimiter, quote, escape, comment } = fit.dialect;
  const options: DialectOptions = {};
  const stated = statedDelimiter(head);
  const isDefault = delimiter === CSV_DEFAULTS.delimiter && delimiterFor(path) === delimiter;
  if (!isDefault || (stated && stated !== delimiter)) options.delimiter = delimiter;
  if (quote !== CSV_DEFAULTS.quote) options.quotechar = quote;
  if (escape !== quote) options.escapechar = escape;
  if (delimiter !== WHITESPACE && hasInitialSpaces(fit)) options.skip_initial_space = true;
  if (fit.isTrailing) options.trailing_delimiter = true;
  // A mark that only occurs above the table may begin rows further down, if the sample is not the whole file.
  const isComment = comments.some((line) => complete || line > header.start.line);
  if (isComment) options.comment = comment;
  const skipped = isComment || comments.length === 0 ? skippedLines : Math.max(skippedLines, header.start.line - 1);
  if (header.names.length > 1) options.header = header.names.map(({ line }) => line);
  else if (skipped > 0) options.skip_rows = skipped;
  if (header.names.length === 0) options.header = 'none';
  if (header.units) options.units_row = true;
  if (footer > 0) options.skip_footer = footer;
  return options;
}

/** The records that are examined for a delimiter that no dialect has. */
const DELIMITER_RECORDS = 200;

/** Describes a character that splits all records into the same number of fields, at least three. */
function unusualDelimiter(records: readonly SampleRecord[]): string[] {
  const texts = records.slice(0, DELIMITER_RECORDS).map(({ text }) => text.trimEnd());
  const [first = '', ...others] = texts;
  const marks = new Set(first.slice(0, 10_000).replaceAll(/[\p{L}\p{N}\s_."'-]/gu, ''));
  for (const mark of marks) {
    const width = first.split(mark).length;
    if (width < 3 || others.length < 2 || !others.every((text) => text.split(mark).length === width)) continue;
    return [`\`${mark}\` splits each line into ${width} fields. If it is the delimiter, set \`delimiter: "${mark}"\`.`];
  }
  return [];
}

/** Describes a file of one column, or one in which nothing is certain. `doubted` is the best reading with several. */
function singleColumn(sample: DialectSample, doubted?: Layout): DetectedDialect {
  const { head, complete, path } = sample;
  const { delimiter } = CSV_DEFAULTS;
  const fit = fitOf(head, { delimiter, quote: '"', escape: '"', comment: '', prior: 1 }, complete);
  const isWhole = fit.width === 1 && fit.records.every(({ cells }) => cells.length === 1);
  const options: DialectOptions = {};
  const layout = isWhole ? layoutOf(fit, sample) : undefined;
  if (layout?.header.names.length === 0) options.header = 'none';
  if (delimiterFor(path) !== delimiter) options.delimiter = delimiterFor(path);
  const alternatives = layout ? [...layout.doubts] : ['No delimiter fits most lines of the file.'];
  if (layout && !doubted) alternatives.push(...unusualDelimiter(fit.records));
  if (layout && doubted) {
    alternatives.push(`With ${nameOf(doubted.fit.dialect)}, many lines have ${doubted.fit.width} fields.`);
  }
  return { options, reasons: layout ? describeOptions(options, layout, sample) : {}, alternatives };
}
