import { WHITESPACE } from '@tracebloc/ingestor-core';
import { statedDelimiter } from '../../manifest/csv/dialect.js';
import type { SampleDialect } from './sample-records.js';

export interface Candidate extends SampleDialect {
  /** An empty string if there are no comments. */
  comment: string;
  /** How usual it is, above 0; 1 is the most usual. */
  prior: number;
}

/** Delimiters and how usual they are. Equally good readings are decided by this. */
const DELIMITERS: readonly [delimiter: string, prior: number][] = [
  [',', 1],
  [';', 0.99],
  ['\t', 0.98],
  ['|', 0.97],
  ['||', 0.97],
  ['::', 0.95],
  [';;', 0.95],
  [',,', 0.8],
  ['\t\t', 0.9],
  ['|~|', 0.95],
  [' | ', 0.99],
  [' ; ', 0.9],
  ['\x01', 0.9],
  ['\x1f', 0.9],
  ['~', 0.85],
  ['^', 0.85],
  ['§', 0.85],
  ['¦', 0.85],
  ['!', 0.6],
  ['#', 0.6],
  ['&', 0.55],
  ['@', 0.5],
  ['*', 0.5],
  [':', 0.6],
  [' ', 0.72],
  [WHITESPACE, 0.7],
];

/** Delimiters of which two together are a delimiter too. */
export const DOUBLED: ReadonlySet<string> = new Set(['|', ':', ';', ',', '\t']);

const QUOTES = ['"', "'", '`'];
const COMMENTS = ['#', '%'];

/** The least share of the lines that has a delimiter. Cells may have many lines, but hardly with an unusual delimiter. */
const MIN_SHARE = { usual: 0.02, other: 0.3 };
/** The least prior of a usual delimiter. */
const USUAL = 0.97;
/** The lines, and the most characters, that are examined for an unusual quote. */
const ENCLOSED_LINES = 20;
const MAX_LINE = 10_000;
/** The lines that are counted. */
const COUNTED_LINES = 400;
/** What a dialect must gain if it has an option that is not the default. */
const RARE = 0.98;
/** The same for comments, which are easily told from rows. */
const NEARLY = 0.9999;

/** Matches an error of a spreadsheet, such as #VALUE!, after its first character: it is a cell, not a comment. */
const SHEET_ERROR = '(?:VALUE!|REF!|DIV/0!|NUM!|NAME\\?|NULL!|N/A|NA\\b)';

/** What an unusual quote gains: all lines begin and end with it. */
const ENCLOSED = 1.02;

function quoteFactor(quote: string): number {
  if (quote === '"') return 1;
  return QUOTES.includes(quote) ? RARE : ENCLOSED;
}

/** Returns the dialects in which the sample may be written, with the default quote, escape and comment first. */
export function candidatesFor(head: string): Candidate[] {
  const lines = head.split(/\r\n|\n|\r/, COUNTED_LINES).filter((line) => line.trim() !== '');
  const stated = statedDelimiter(head);
  const comments = ['', ...COMMENTS.filter((mark) => new RegExp(`^${mark}(?!${SHEET_ERROR})`, 'm').test(head))];
  const candidates: Candidate[] = [];
  for (const [delimiter, prior] of delimitersIn(lines, stated)) {
    for (const comment of comments) {
      if (comment !== '' && delimiter.includes(comment)) continue;
      for (const quote of quotesIn(head, delimiter)) {
        for (const escape of escapesIn(head, quote, delimiter)) {
          const rare = quoteFactor(quote) * (escape === quote ? 1 : RARE) * (comment === '' ? 1 : NEARLY);
          candidates.push({ delimiter, quote, escape, comment, prior: prior * rare });
        }
      }
    }
  }
  return candidates;
}

function delimitersIn(lines: readonly string[], stated: string | undefined): (readonly [string, number])[] {
  const isIn = (line: string, delimiter: string) =>
    delimiter === WHITESPACE ? /\S[ \t]+\S/.test(line) : line.includes(delimiter);
  const share = (delimiter: string) => lines.filter((line) => isIn(line, delimiter)).length / lines.length;
  const found = DELIMITERS.filter(([delimiter, prior]) => {
    const least = delimiter.length === 1 && prior >= USUAL ? MIN_SHARE.usual : MIN_SHARE.other;
    return delimiter !== stated && share(delimiter) >= least;
  });
  // A delimiter that the file states is all but certain.
  return stated ? [[stated, 2], ...found] : found;
}

function quotesIn(head: string, delimiter: string): string[] {
  const own = ownQuote(head);
  const isOwn = own !== undefined && own !== delimiter[0];
  return [...QUOTES, ...(isOwn ? [own] : [])].filter((quote) => quote === '"' || quotesCells(head, quote, delimiter));
}

/** Returns an unusual character in which a file encloses everything: all of its first lines begin and end with it. */
function ownQuote(head: string): string | undefined {
  const mark = head[0]!;
  if (/[\w\s"'`#%()[\]{}<>]/.test(mark)) return undefined;
  const lines = head
    .slice(0, MAX_LINE)
    .split(/\r\n|\n|\r/)
    .slice(0, ENCLOSED_LINES);
  const whole = lines.slice(0, -1).filter((line) => line !== '');
  return whole.length > 1 && whole.every((line) => line.startsWith(mark) && line.endsWith(mark)) ? mark : undefined;
}

/** Whether some cells begin and some end with the quote. */
function quotesCells(head: string, quote: string, delimiter: string): boolean {
  const between = delimiter === WHITESPACE ? '[ \\t]' : escapePattern(delimiter);
  const mark = escapePattern(quote);
  const begins = new RegExp(`(?:^|${between})[ \\t]?${mark}`, 'm');
  const ends = new RegExp(`${mark}[ \\t]?(?:$|${between})`, 'm');
  return begins.test(head) && ends.test(head);
}

function escapesIn(head: string, quote: string, delimiter: string): string[] {
  const isEscaped = [quote, delimiter, '\n', '\r'].some((text) => head.includes(`\\${text}`));
  return isEscaped && delimiter !== '\\' ? [quote, '\\'] : [quote];
}

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
