import type { JsonValue, SurveyedOption } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, type CsvFormat, listNames } from '@tracebloc/ingestor-core';
import { type DetectedEncoding, detectEncoding } from '../encoding/detect-file.js';
import { findRecords } from '../manifest/json/envelope.js';
import type { DetectedOptions } from './detected.js';
import { detectDialect } from './dialect/detect.js';
import { readDialectSample } from './dialect/sample.js';
import { formatOf } from './dialect/types.js';

/** How a table is written, by its bytes and lines. */
export interface DetectedFormat extends DetectedOptions {
  /** The format with the options. */
  csv: CsvFormat;
  /** The path of the array of records, of JSON that is one object. */
  records?: string;
}

/** Detects how a table is written: its encoding, and its dialect or where its records are. Throws `InterruptedError` on abort. */
export async function detectFormat(path: string, format: 'csv' | 'json', signal: AbortSignal): Promise<DetectedFormat> {
  return formatOfEncoded(path, format, await detectEncoding(path, signal));
}

/** Does the same for a table whose encoding was detected already. */
export async function formatOfEncoded(
  path: string,
  format: 'csv' | 'json',
  encoded: DetectedEncoding | undefined,
): Promise<DetectedFormat> {
  const { options, doubts } = encoded ? describeEncoding(encoded) : { options: [], doubts: [] };
  const encoding = encoded && { encoding: encoded.encoding };
  const sample = await readDialectSample(path, encoded?.encoding);
  if (format === 'json') {
    return { csv: { ...CSV_DEFAULTS, ...encoding }, records: findRecords(sample.head), options, doubts };
  }
  const dialect = detectDialect(sample);
  const found = Object.entries<JsonValue>({ ...dialect.options }).map(([name, value]): SurveyedOption => {
    return { name, value, reason: dialect.reasons[name as keyof typeof dialect.reasons] ?? '' };
  });
  return {
    csv: { ...formatOf(dialect.options, path), ...encoding },
    options: [...found, ...options],
    doubts: [...doubts, ...dialect.alternatives],
  };
}

function describeEncoding({ encoding, others, hasFewWords }: DetectedEncoding): DetectedOptions {
  const option = (reason: string): SurveyedOption[] => [{ name: 'encoding', value: encoding, reason }];
  if (encoding.startsWith('utf-')) {
    return { options: option('the file has this encoding, and no byte order mark'), doubts: [] };
  }
  const also = listNames(others);
  const isGuess = others.length > 0 || hasFewWords;
  let reason = 'the file is not UTF-8, and makes words in this encoding';
  if (others.length > 0) reason += ` and in ${also}; check a few words`;
  else if (hasFewWords) reason = 'the file is not UTF-8, and few of its words show the encoding; check them';
  const why =
    others.length > 0 ? `${also} fits too, so check a few words` : 'few words of the file show it; check them';
  return {
    options: option(isGuess ? `a guess: ${reason}` : reason),
    doubts: isGuess ? [`The encoding ${encoding} is a guess; ${why}.`] : [],
  };
}
