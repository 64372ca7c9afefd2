import { type DatasetFindingCode, makeFinding } from '../../findings/findings.js';
import type { Finding, Severity } from '@tracebloc/ingestor-contract';
import { countLineEnds } from '../text.js';
import type { Dialect } from './dialect.js';

/** A record whose quoting is not valid. */
export interface BadRecord {
  code: DatasetFindingCode & ('text-after-quote' | 'unclosed-quote');
  /** The line on which the record begins. */
  line: number;
  /** A clause that says what is wrong and on which line. */
  what: string;
  expected: string;
  /** Is absent if the usual fix of the code applies. */
  fix?: string;
}

/** What was scanned of the record, and where in it the last quote was opened. */
type Scanned = { readonly raw: string; readonly quoteAt: number };

const USE_ESCAPE = 'The file writes a quote inside a quoted field as `\\"`: set `spec.csv_options.escapechar: "\\\\"`.';

export function textAfterQuote({ raw }: Scanned, line: number, dialect: Dialect): BadRecord {
  const isEscaped = raw[raw.lastIndexOf(dialect.quote) - 1] === '\\';
  return {
    code: 'text-after-quote',
    line,
    what: `Text follows a closing quote on line ${line + countLineEnds(raw)}`,
    expected: 'the delimiter or a line ending',
    fix: isEscaped && dialect.escape === '' ? USE_ESCAPE : undefined,
  };
}

export function unclosedQuote({ raw, quoteAt }: Scanned, line: number, dialect: Dialect, where: string): BadRecord {
  const opened = line + countLineEnds(raw.slice(0, quoteAt));
  return {
    code: 'unclosed-quote',
    line,
    what: `The quote opened on line ${opened} is not closed ${where}`,
    expected: 'a closing quote',
    fix: dialect.escape === '' && raw.includes(`\\${dialect.quote}`) ? USE_ESCAPE : undefined,
  };
}

/** Makes the finding of a bad record. `after` is a clause that says where the reading went on. */
export function badRecordFinding(
  { code, line, what, expected, fix }: BadRecord,
  severity: Severity,
  after: string,
): Finding {
  return makeFinding(code, { severity, message: `${what}; ${after}.`, row: line, expected, ...(fix && { fix }) });
}
