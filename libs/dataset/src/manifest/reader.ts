import { stat } from 'node:fs/promises';
import { InterruptedError, listNames } from '@tracebloc/ingestor-core';
import type { DatasetReader, OpenManifest, Report, RowBatch, Severity } from '@tracebloc/ingestor-contract';
import { parseCsv } from './csv/rows.js';
import { UnreadableError, type DatasetFindingCode, reportFinding } from '../findings/findings.js';
import { ManifestHash, changeSince, describeChange, sourceChanged, type ManifestReading } from './reading.js';
import { Pause } from '../pause.js';
import { createReport } from '../findings/report.js';
import { TextSource } from './text-source.js';
import { WHOLE_FILE, ShardRange } from './shard-range.js';
import type { ParseObserver, ParseRows, ReaderOptions } from './types.js';

/** The most columns that a manifest may have, used or not: each costs time in every row. A table has far fewer. */
const MAX_COLUMNS = 200_000;

/** The cell texts that mean a missing value in tabular and time data, beside the empty cell. */
const MISSING_TOKENS: readonly string[] = ['NA', 'N/A', 'NaN', 'NULL', 'null', 'None', 'n/a', 'nan'];

/** The fix for a last column without a name. */
const END_WITH_DELIMITER =
  'If every row ends with the delimiter, set `spec.csv_options.trailing_delimiter: true`. Otherwise name the column.';

/** The option that states the encoding of a manifest. */
export const ENCODING_OPTION = 'spec.csv_options.encoding';

/** Parses JSON. The parser is loaded only now: few manifests are JSON. */
const parseJson: ParseRows = async function* (pieces, observer) {
  const json = await import('./json/rows.js');
  yield* json.parseJson(pieces, observer);
};

/** Opens a manifest. Throws an `IngestorError` when the path is not a readable file. */
export function openReader(options: ReaderOptions): ManifestReader {
  return new ManifestReader(options);
}

/** Reads a manifest, and checks that it did not change meanwhile. */
export class ManifestReader implements DatasetReader {
  readonly file: string;
  readonly missing: ReadonlySet<string>;
  skipped = 0;
  passed = 0;
  complete = true;
  readonly #source: TextSource;
  readonly #parse: ParseRows;
  readonly #range: ShardRange;
  readonly #path: string;
  readonly #format: ReaderOptions['format'];
  readonly #isFirstShard: boolean;
  #hash = new ManifestHash();

  constructor({ format, path, file, csv, missing, shard = WHOLE_FILE }: ReaderOptions) {
    this.file = file;
    this.missing = new Set([...(missing === 'tokens' ? MISSING_TOKENS : []), ...csv.naValues]);
    this.#path = path;
    this.#format = format;
    this.#isFirstShard = shard.index === 0;
    this.#source = new TextSource(path, csv.chunkSize, { encoding: csv.encoding, option: ENCODING_OPTION });
    this.#parse = format === 'csv' ? parseCsv(csv) : parseJson;
    this.#range = new ShardRange(shard, this.#source);
  }

  get size(): number {
    return this.#source.size;
  }

  get read(): number {
    return this.#source.read;
  }

  /** What the latest reading has read so far, which may be only the header. */
  get reading(): ManifestReading {
    return this.#hash.reading;
  }

  /**
   * Throws `source-changed-while-read` unless the file still has the content that was read. The file is read again only if
   * its metadata changed since the reader was opened.
   */
  async confirm(signal: AbortSignal): Promise<void> {
    if (await this.#source.isUntouched()) return;
    const size = await stat(this.#path).then(
      (now) => now.size,
      () => undefined,
    );
    const change = await changeSince(this.#path, [this.reading], signal);
    // A reading may have ended early. A change after that place cannot be seen, and does not matter.
    if (change === undefined || (change === 'longer' && size === this.size)) {
      if (size === this.size) return;
      throw sourceChanged(describeChange(this.#path, size! > this.size ? 'longer' : 'shorter'));
    }
    throw sourceChanged(describeChange(this.#path, change));
  }

  isOwn(row: number): boolean {
    return this.#range.isOwn(row);
  }

  async open(report: Report, signal: AbortSignal): Promise<OpenManifest | undefined> {
    const header = await this.#readHeader(report, signal);
    if (!header || !this.#checkHeader(header, report)) return undefined;
    if (this.#isFirstShard) await this.#reportDoubt(report);
    return { header, batches: this.#batches(header, report, signal) };
  }

  /**
   * Reads up to the header and closes the file again, so that a caller need not read the rows. Problems of rows that were
   * read on the way are reported when the rows are read, or here if there is no header and the rows are never read.
   */
  async #readHeader(report: Report, signal: AbortSignal): Promise<string[] | undefined> {
    const pending = createReport();
    try {
      const observer: ParseObserver = {
        report: this.#withFile(pending),
        skip: () => undefined,
        pass: () => undefined,
        position: 'wanted',
      };
      for await (const { rows } of this.#parse(this.#pieces(signal), observer)) {
        if (rows[0]) return rows[0].map((name) => name.trim());
      }
      if (pending.errors === 0) this.#report(pending, 'empty-file', 'The file has no header row.');
    } catch (error) {
      this.#reportUnreadable(error, pending);
    }
    pending.findings().forEach((finding) => report.add(finding));
    return undefined;
  }

  async #reportDoubt(report: Report): Promise<void> {
    const doubt = await this.#source.doubt();
    if (!doubt) return;
    const { message, encodings } = doubt;
    const [encoding, ...others] = encodings;
    const also = others.length > 0 ? ` It may also be ${listNames(others)}.` : '';
    const fix =
      encoding === undefined
        ? 'Write all lines in one encoding.'
        : `If the second reading is right, set \`${ENCODING_OPTION}: ${encoding}\`. If the first is, leave it.${also}`;
    this.#report(report, 'doubtful-encoding', message, { fix });
  }

  async *#batches(header: readonly string[], report: Report, signal: AbortSignal): AsyncGenerator<RowBatch, void> {
    this.skipped = 0;
    this.passed = 0;
    let rowsRead = -1;
    const pause = new Pause();
    try {
      const pieces = this.#pieces(signal, this.#range.cuts);
      for await (const { rows, lines } of this.#parse(pieces, this.#observer(report))) {
        if (rowsRead === -1 && rows.length > 0) {
          // The header is read a second time: a file that was replaced in between may have other columns.
          if (rows.shift()!.some((name, index) => name.trim() !== header[index]))
            throw sourceChanged(describeChange(this.#path, 'other'));
          lines.shift();
          rowsRead = 0;
        }
        if (rows.length === 0) continue;
        if (this.#range.position === 'before') {
          this.passed += rows.length;
          continue;
        }
        rowsRead += rows.length;
        this.#range.noteFirstRow(lines[0]!);
        yield { rows, lines };
        if (pause.isDue) await pause.take();
        if (signal.aborted) throw new InterruptedError();
      }
    } catch (error) {
      this.#reportUnreadable(error, report);
      return;
    }
    // If rows were refused, their findings say why; and a shard knows only its own rows.
    if (this.complete && rowsRead + this.passed <= 0 && this.#range.position !== 'after')
      this.#report(report, 'no-rows', 'The file has a header, but no usable row.');
  }

  /** Returns the text of the file in pieces, and begins a new hash of what is read. */
  #pieces(signal: AbortSignal, cuts?: readonly number[]): AsyncGenerator<string, void> {
    const hash = new ManifestHash();
    this.#hash = hash;
    return this.#source.pieces(signal, cuts, (chunk) => hash.add(chunk));
  }

  /** Returns an observer that drops the findings of rows before the wanted ones: the shards that own the rows report them. */
  #observer(report: Report): ParseObserver {
    const [range, dropped] = [this.#range, createReport(0)];
    const named = this.#withFile(report);
    return {
      get report() {
        return range.position === 'before' ? dropped : named;
      },
      get position() {
        return range.position;
      },
      skip: () => {
        if (range.endsInOwn) this.skipped++;
      },
      pass: (rows) => (this.passed += rows),
    };
  }

  #checkHeader(header: readonly string[], report: Report): boolean {
    const before = report.errors;
    if (header.length === 0) this.#report(report, 'empty-file', 'The first record has no columns.');
    if (header.length > MAX_COLUMNS) {
      const message = `The header has ${header.length} columns; the most that a manifest may have is ${MAX_COLUMNS}.`;
      this.#report(report, 'too-many-columns', message);
      return false;
    }
    const firsts = new Map<string, number>();
    header.forEach((name, index) => {
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, index);
      if (name === '') {
        // A file of JSON has no header that a delimiter could end.
        const isAfterLast = index > 0 && index === header.length - 1 && this.#format === 'csv';
        const fix = isAfterLast ? END_WITH_DELIMITER : undefined;
        this.#report(report, 'empty-column-name', `Column ${index + 1} of the header has no name.`, { fix });
      } else if (first !== undefined) {
        this.#report(report, 'duplicate-column', `Columns ${first + 1} and ${index + 1} have the same name.`, {
          column: name,
        });
      }
    });
    return report.errors === before;
  }

  #report(
    report: Report,
    code: DatasetFindingCode,
    message: string,
    { column, fix }: { column?: string; fix?: string } = {},
  ): void {
    reportFinding(report, code, () => ({ message, file: this.file, column, ...(fix && { fix }) }));
  }

  #reportUnreadable(error: unknown, report: Report): void {
    if (!(error instanceof UnreadableError)) throw error;
    this.complete = false;
    report.add({ ...error.finding, file: this.file });
  }

  /** Returns a report that adds the file's name to each finding. An error means that rows are left out, so `complete` ends. */
  #withFile(report: Report): Report {
    const noteSeverity = (severity: Severity) => {
      if (severity === 'error') this.complete = false;
    };
    return {
      get errors() {
        return report.errors;
      },
      get warnings() {
        return report.warnings;
      },
      add: (finding) => {
        noteSeverity(finding.severity);
        report.add({ ...finding, file: this.file });
      },
      count: (code, severity) => {
        noteSeverity(severity);
        report.count(code, severity);
      },
      isFull: (code) => report.isFull(code),
    };
  }
}
