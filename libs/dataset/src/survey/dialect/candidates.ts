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
/** The most characters of a first line that are examined for quotes. */
const MAX_LINE = 10_000;
/** The lines that are counted. */
const COUNTED_LINES = 400;
/** What a dialect must gain if it has an option that is not the default. */
const RARE = 0.98;
/** The same for comments, which are easily told from rows. */
const NEARLY = 0.9999;

/** Matches an error of a spreadsheet, such as #VALUE!, after its first character: it is a cell, not a comment. */
const SHEET_ERROR = '(?:VALUE!|REF!|DIV/0!|NUM!|NAME\\?|NULL!|N/A|NA\\b)';

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
          const rare = (quote === '"' ? 1 : RARE) * (escape === quote ? 1 : RARE) * (comment === '' ? 1 : NEARLY);
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
  // Some programs enclose every name in an unusual character.
  const own = /^([^\w\s"'`#%()[\]{}<>])[^\r\n]*\1\r?$/m.exec(head.slice(0, MAX_LINE));
  const isOwn = own?.index === 0 && own[1] !== delimiter[0];
  return [...QUOTES, ...(isOwn ? [own[1]!] : [])].filter((quote) => quote === '"' || quotesCells(head, quote, delimiter));
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
