import { Tokenizer } from '../../manifest/csv/tokenizer.js';
import type { DialectFormat } from '../../manifest/csv/dialect.js';

/** A record of a sample as some dialect reads it. */
export interface SampleRecord {
  /** Is empty for a blank record. */
  cells: string[];
  /** The line on which it begins, counted from 1. */
  line: number;
  text: string;
  /** Whether its quoting is not valid. */
  isBad: boolean;
  /** Whether an unquoted field of it has a quote. */
  isStray: boolean;
}

export interface SampleRecords {
  /** Also the blank ones. */
  records: SampleRecord[];
  /** The lines that were left out as comments, or because they state the delimiter. */
  dropped: { line: number; text: string }[];
  /** The number of characters that belong to some record or comment. */
  characters: number;
}

/** What a reading of the sample depends on. */
export type SampleDialect = Pick<DialectFormat, 'delimiter' | 'quote' | 'escape' | 'comment' | 'skipInitialSpace'>;

/** Reads a sample. A last record that the sample cuts is left out unless `isComplete`. */
export function readSampleRecords(text: string, dialect: SampleDialect, isComplete: boolean): SampleRecords {
  const tokenizer = new Tokenizer({ ...dialect, keepsDelimiter: true }, true);
  const result: SampleRecords = { records: [], dropped: [], characters: 0 };
  let badLine = 0;
  const add = (tokens: ReturnType<Tokenizer['read']>) => {
    for (const { rows, lines, texts = [], strays, bad, dropped = [] } of tokens) {
      const strayLines = new Set(strays.map(({ line }) => line));
      rows.forEach((cells, index) => {
        const [line, raw] = [lines[index]!, texts[index]!];
        result.characters += raw.length;
        result.records.push({ cells, line, text: raw, isBad: false, isStray: strayLines.has(line) });
      });
      for (const one of dropped) {
        // The line of a record with invalid quoting is left out too.
        if (one.line === badLine) continue;
        result.dropped.push(one);
        result.characters += one.text.length;
      }
      if (!bad) continue;
      badLine = bad.line;
      result.records.push({ cells: [], line: bad.line, text: '', isBad: true, isStray: false });
    }
  };
  add(tokenizer.read(text));
  if (isComplete) add(tokenizer.finish());
  return result;
}
