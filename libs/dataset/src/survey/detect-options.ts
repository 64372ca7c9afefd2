import type { SurveyedOption } from '@tracebloc/ingestor-contract';
import { type CsvFormat, listNames } from '@tracebloc/ingestor-core';
import type { ColumnProfiler } from './column-profiler.js';

/** The most names of columns in a reason. */
const MAX_NAMED = 5;

/** Returns the options that the cells of a table need, as they were read without any. */
export function detectOptions(columns: readonly ColumnProfiler[]): SurveyedOption[] {
  return [...missingWords(columns)];
}

/** Returns the format with options that `detectOptions` returned. */
export function csvFormatOf(csv: CsvFormat, options: readonly SurveyedOption[]): CsvFormat {
  const fields: Readonly<Record<string, keyof CsvFormat>> = {
    keep_default_na: 'keepDefaultNa',
    na_values: 'naColumns',
  };
  return { ...csv, ...Object.fromEntries(options.map(({ name, value }) => [fields[name], value])) };
}

/** Keeps `NA` as a code where it is one, and names the words that mean a missing value elsewhere. */
function missingWords(columns: readonly ColumnProfiler[]): SurveyedOption[] {
  const withCodes = columns.filter(({ hasNaAmongCodes }) => hasNaAmongCodes);
  if (withCodes.length === 0) return [];
  const others = columns.flatMap(({ name, wordsSeen, hasNaAmongCodes }) => {
    const words = [...wordsSeen].filter((word) => word !== '' && !(hasNaAmongCodes && word === 'NA'));
    return words.length > 0 ? [[name, words.sort()] as const] : [];
  });
  const reason = `NA is a code of two letters like the others in ${namesOf(withCodes)}`;
  const options: SurveyedOption[] = [{ name: 'keep_default_na', value: false, reason }];
  if (others.length > 0) {
    options.push({ name: 'na_values', value: Object.fromEntries(others), reason: 'what means missing elsewhere' });
  }
  return options;
}

function namesOf(columns: readonly ColumnProfiler[]): string {
  return listNames(
    columns.map(({ name }) => name),
    MAX_NAMED,
  );
}
