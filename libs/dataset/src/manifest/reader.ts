import { stat } from 'node:fs/promises';
import { InterruptedError } from '@tracebloc/ingestor-core';
import type { DatasetReader, OpenManifest, Report, RowBatch, Severity } from '@tracebloc/ingestor-contract';
import { parseCsv } from './csv/rows.js';
import { UnreadableError, type DatasetFindingCode, reportFinding } from '../findings/findings.js';
import { parseJson } from './json/rows.js';
import { ManifestHash, changeSince, describeChange, sourceChanged, type ManifestReading } from './reading.js';
import { Pause } from '../pause.js';
import { createReport } from '../findings/report.js';
import { TextSource } from './text-source.js';
import { OWN_ALL, ShardRange } from './shard-range.js';
import type { ParseObserver, ParseRows, ReaderOptions } from './types.js';

/** Columns of a manifest, used or not: each costs time in every row. A table takes far fewer. */
const MAX_COLUMNS = 200_000;

/** What stands for a missing value in tabular and time data, besides the empty cell. */
const MISSING_TOKENS: readonly string[] = ['NA', 'N/A', 'NaN', 'NULL', 'null', 'None', 'n/a', 'nan'];

/** Opens a manifest. Throws an `IngestorError` when the path is no file that can be read. */
export function openReader(options: ReaderOptions): ManifestReader {
  return new ManifestReader(options);
}

/** Reads a manifest, and tells whether it was one file all the while. */
export class ManifestReader implements DatasetReader {
  readonly file: string;
  readonly missing: ReadonlySet<string>;
  skipped = 0;
  passed = 0;
  complete = true;
  readonly #source: TextSource;
  readonly #parse: ParseRows;
  readonly #place: ShardRange;
  readonly #path: string;
  #hash = new ManifestHash();

  constructor({ format, path, file, csv, missing, shard = OWN_ALL }: ReaderOptions) {
    this.file = file;
    this.missing = new Set([...(missing === 'tokens' ? MISSING_TOKENS : []), ...csv.naValues]);
    this.#path = path;
    this.#source = new TextSource(path, csv.chunkSize);
    this.#parse = format === 'csv' ? parseCsv(csv) : parseJson;
    this.#place = new ShardRange(shard, this.#source);
  }

  get size(): number {
    return this.#source.size;
  }

  get read(): number {
    return this.#source.read;
  }

  /** What the latest reading has read, be it of the header alone. */
  get reading(): ManifestReading {
    return this.#hash.reading;
  }

  /**
   * Throws `source-changed-while-read` unless the file is still what was read of it. It is read again only where its facts
   * changed since the reader was opened.
   */
  async confirm(signal: AbortSignal): Promise<void> {
    if (await this.#source.isUntouched()) return;
    const size = await stat(this.#path).then(
      (now) => now.size,
      () => undefined,
    );
    const change = await changeSince(this.#path, [this.reading], signal);
    // A reading may have ended early, and what it did not read does not count.
    if (change === undefined || (change === 'longer' && size === this.size)) {
      if (size === this.size) return;
      throw sourceChanged(describeChange(this.#path, size! > this.size ? 'longer' : 'shorter'));
    }
    throw sourceChanged(describeChange(this.#path, change));
  }

  isOwn(row: number): boolean {
    return this.#place.isOwn(row);
  }

  async open(report: Report, signal: AbortSignal): Promise<OpenManifest | undefined> {
    const header = await this.#readHeader(report, signal);
    if (!header || !this.#isSound(header, report)) return undefined;
    return { header, batches: this.#batches(header, report, signal) };
  }

  /**
   * Reads as far as the header and closes the file again, so that a caller may leave the rows unread. What is wrong
   * with the rows on the way is reported when they are read, or here when there is no header and they never are.
   */
  async #readHeader(report: Report, signal: AbortSignal): Promise<string[] | undefined> {
    const noted = createReport();
    try {
      const observer: ParseObserver = {
        report: this.#naming(noted),
        skip: () => undefined,
        pass: () => undefined,
        position: 'wanted',
      };
      for await (const { rows } of this.#parse(this.#pieces(signal), observer)) {
        if (rows[0]) return rows[0].map((name) => name.trim());
      }
      if (noted.errors === 0) this.#report(noted, 'empty-file', 'The file holds no header row.');
    } catch (error) {
      this.#reportUnreadable(error, noted);
    }
    noted.findings().forEach((finding) => report.add(finding));
    return undefined;
  }

  async *#batches(header: readonly string[], report: Report, signal: AbortSignal): AsyncGenerator<RowBatch, void> {
    this.skipped = 0;
    this.passed = 0;
    let rowsRead = -1;
    const pause = new Pause();
    try {
      const pieces = this.#pieces(signal, this.#place.cuts);
      for await (const { rows, lines } of this.#parse(pieces, this.#observer(report))) {
        if (rowsRead === -1 && rows.length > 0) {
          // Read once more than the rows: a file that was replaced in between has rows of other columns.
          if (rows.shift()!.some((name, index) => name.trim() !== header[index]))
            throw sourceChanged(describeChange(this.#path, 'other'));
          lines.shift();
          rowsRead = 0;
        }
        if (rows.length === 0) continue;
        if (this.#place.position === 'before') {
          this.passed += rows.length;
          continue;
        }
        rowsRead += rows.length;
        this.#place.note(lines[0]!);
        yield { rows, lines };
        if (pause.isDue) await pause.take();
        if (signal.aborted) throw new InterruptedError();
      }
    } catch (error) {
      this.#reportUnreadable(error, report);
      return;
    }
    // Where every row is refused, that tells why, and to each shard only of its own.
    if (this.complete && rowsRead + this.passed <= 0 && this.#place.position !== 'after')
      this.#report(report, 'no-rows', 'The file has a header, but no row that can be used.');
  }

  /** The file's text, hashed from the start. */
  #pieces(signal: AbortSignal, cuts?: readonly number[]): AsyncGenerator<string, void> {
    const hash = new ManifestHash();
    this.#hash = hash;
    return this.#source.pieces(signal, cuts, (chunk) => hash.add(chunk));
  }

  /** What is wrong with rows before the wanted ones, those tell to whom they belong. */
  #observer(report: Report): ParseObserver {
    const [place, elsewhere] = [this.#place, createReport(0)];
    const named = this.#naming(report);
    return {
      get report() {
        return place.position === 'before' ? elsewhere : named;
      },
      get position() {
        return place.position;
      },
      skip: () => {
        if (place.endsInOwn) this.skipped++;
      },
      pass: (rows) => (this.passed += rows),
    };
  }

  #isSound(header: readonly string[], report: Report): boolean {
    const before = report.errors;
    if (header.length === 0) this.#report(report, 'empty-file', 'The first record has no columns.');
    if (header.length > MAX_COLUMNS) {
      const message = `The header has ${header.length} columns; a manifest may have ${MAX_COLUMNS}.`;
      this.#report(report, 'too-many-columns', message);
      return false;
    }
    const firsts = new Map<string, number>();
    header.forEach((name, index) => {
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, index);
      if (name === '') {
        this.#report(report, 'empty-column-name', `Column ${index + 1} of the header has no name.`);
      } else if (first !== undefined) {
        this.#report(report, 'duplicate-column', `Columns ${first + 1} and ${index + 1} have the same name.`, name);
      }
    });
    return report.errors === before;
  }

  #report(report: Report, code: DatasetFindingCode, message: string, column?: string): void {
    reportFinding(report, code, () => ({ message, file: this.file, column }));
  }

  #reportUnreadable(error: unknown, report: Report): void {
    if (!(error instanceof UnreadableError)) throw error;
    this.complete = false;
    report.add({ ...error.finding, file: this.file });
  }

  /** The report, with the file's name added to each finding; its errors leave rows out. */
  #naming(report: Report): Report {
    const note = (severity: Severity) => {
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
        note(finding.severity);
        report.add({ ...finding, file: this.file });
      },
      count: (code, severity) => {
        note(severity);
        report.count(code, severity);
      },
      isFull: (code) => report.isFull(code),
    };
  }
}
