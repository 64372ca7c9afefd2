import { stat } from 'node:fs/promises';
import { type CsvFormat, InterruptedError, type JsonFormat } from '@tracebloc/ingestor-core';
import type { DatasetReader, OpenManifest, Report, RowBatch, Severity } from '@tracebloc/ingestor-contract';
import { mayHaveControls, reportControls } from './control-characters.js';
import { diagnoseHeader } from './csv/diagnose.js';
import { parseCsv } from './csv/rows.js';
import { UnreadableError, type DatasetFindingCode, makeFinding, reportFinding } from '../findings/findings.js';
import { foreignFormat } from './foreign-format.js';
import { findRecords } from './json/envelope.js';
import { LateKeyCollector } from './json/late-keys.js';
import { parseJson } from './json/rows.js';
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

/** The characters at the beginning of a file by which a header is doubted. */
const HEAD_LENGTH = 32 * 1024;

/** The fixes for columns without a name: the first one, the last one, and several at the end. */
const UNNAMED_FIRST =
  'If it is the index of the rows, as pandas and R write it, nothing is lost; to export without it: `to_csv(path, index=False)`. Otherwise name the column.';
const UNNAMED_LAST =
  'If every row ends with the delimiter, set `spec.csv_options.trailing_delimiter: true`. Otherwise name the column.';
const UNNAMED_END = 'If they are empty columns of a sheet, nothing is lost. Otherwise name the columns.';

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
  #parse: ParseRows;
  readonly #range: ShardRange;
  readonly #path: string;
  readonly #format: ReaderOptions['format'];
  readonly #csv: CsvFormat;
  readonly #json: JsonFormat;
  readonly #columns: readonly string[] | 'all';
  #hash = new ManifestHash();
  /** Whether some chunk so far has bytes of control characters. */
  #hasControls = false;

  constructor({ format, path, file, csv, json = {}, missing, columns = [], shard = WHOLE_FILE }: ReaderOptions) {
    this.file = file;
    this.missing = new Set([...(missing === 'tokens' ? MISSING_TOKENS : []), ...csv.naValues]);
    this.#path = path;
    this.#format = format;
    this.#csv = csv;
    this.#json = json;
    this.#columns = columns;
    this.#source = new TextSource(path, csv.chunkSize);
    this.#parse = format === 'csv' ? parseCsv(csv) : parseJson(json);
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
    if (await this.#isEnvelope(report, signal)) return undefined;
    const header = await this.#readHeader(report, signal);
    if (!header || !this.#checkHeader(header, report)) return undefined;
    const before = report.errors;
    await this.#doubtHeader(header, report, signal);
    if (report.errors > before) return undefined;
    this.#reportUnnamed(header, report);
    return { header, batches: this.#batches(header, report, signal) };
  }

  /**
   * Reads up to the header and closes the file again, so that a caller need not read the rows. In JSON it reads on until all
   * columns of the configuration are found, which may be in later records. Problems of rows that were read on the way are
   * reported when the rows are read, or here if there is no header and the rows are never read.
   */
  async #readHeader(report: Report, signal: AbortSignal): Promise<string[] | undefined> {
    const pending = createReport();
    const late = this.#format === 'json' ? new LateKeyCollector(this.#columns) : undefined;
    const parse = late ? parseJson(this.#json, { accept: late.accept }) : this.#parse;
    let header: string[] | undefined;
    try {
      const observer: ParseObserver = {
        report: this.#withFile(pending),
        skip: () => undefined,
        pass: () => undefined,
        position: 'wanted',
      };
      for await (const { rows } of parse(this.#pieces(signal), observer)) {
        if (rows[0] && !header) {
          header = rows[0].map((name) => name.trim());
          late?.addFirst(header);
        }
        if (header && (late?.isComplete ?? true)) break;
      }
      if (!header && pending.errors === 0) this.#report(pending, 'empty-file', 'The file has no header row.');
    } catch (error) {
      // After the header the same is found again when the rows are read.
      if (!header || !(error instanceof UnreadableError)) this.#reportUnreadable(error, pending);
    }
    if (header) {
      if (!late || late.found.length === 0) return header;
      this.#parse = parseJson(this.#json, { known: late.found });
      return [...header, ...late.found];
    }
    pending.findings().forEach((finding) => report.add(finding));
    return undefined;
  }

  async *#batches(header: readonly string[], report: Report, signal: AbortSignal): AsyncGenerator<RowBatch, void> {
    this.skipped = 0;
    this.passed = 0;
    let rowsRead = -1;
    const pause = new Pause();
    try {
      const pieces = this.#pieces(signal, this.#range.cuts);
      const observer = this.#observer(report);
      let repeatable: readonly string[] | undefined;
      for await (const { rows, lines } of this.#parse(pieces, observer)) {
        if (rowsRead === -1 && rows.length > 0) {
          // The header is read a second time: a file that was replaced in between may have other columns.
          const names = rows.shift()!;
          repeatable = this.#canRepeat(names) ? names : undefined;
          if (names.some((name, index) => name.trim() !== header[index]))
            throw sourceChanged(describeChange(this.#path, 'other'));
          lines.shift();
          rowsRead = 0;
        }
        if (repeatable && rows.some((row) => row[0] === repeatable![0])) {
          this.#dropRepeated(repeatable, { rows, lines }, observer);
        }
        if (this.#hasControls) reportControls({ rows, lines }, header, observer.report);
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

  /** Whether a row that is the same as the header cannot be data. */
  #canRepeat(names: readonly string[]): boolean {
    if (this.#format === 'json' || this.#csv.header !== undefined || names.length < 2) return false;
    return new Set(names).size === names.length && names.every((name) => name.trim() !== '');
  }

  /** Takes rows that repeat the header out of a batch, and reports them. */
  #dropRepeated(names: readonly string[], { rows, lines }: RowBatch, observer: ParseObserver): void {
    const { report } = observer;
    const severity = this.#csv.onBadLines === 'warn' ? 'warning' : 'error';
    let kept = 0;
    for (const [index, row] of rows.entries()) {
      const line = lines[index]!;
      if (row.some((cell, column) => cell !== names[column])) {
        rows[kept] = row;
        lines[kept++] = line;
        continue;
      }
      if (severity === 'warning') observer.skip();
      const message = `Line ${line} is the same as the header${severity === 'warning' ? ', and is skipped' : ''}.`;
      if (report.isFull('repeated-header')) report.count('repeated-header', severity);
      else report.add(makeFinding('repeated-header', { severity, message, row: line }));
    }
    rows.length = lines.length = kept;
  }

  /** Returns the text of the file in pieces, and begins a new hash of what is read. */
  #pieces(signal: AbortSignal, cuts?: readonly number[]): AsyncGenerator<string, void> {
    const hash = new ManifestHash();
    this.#hash = hash;
    this.#hasControls = false;
    let isFirst = true;
    return this.#source.pieces(signal, cuts, (chunk) => {
      hash.add(chunk);
      this.#hasControls ||= mayHaveControls(chunk);
      const foreign = isFirst ? foreignFormat(chunk) : undefined;
      isFirst = false;
      if (foreign) throw new UnreadableError(foreign);
    });
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
    if (this.#format === 'json') this.#reportRepeated(header, report);
    return report.errors === before;
  }

  /** Reports columns without a name, those beside each other in one warning. */
  #reportUnnamed(header: readonly string[], report: Report): void {
    for (let first = 0; first < header.length; first++) {
      if (header[first] !== '') continue;
      let last = first;
      while (header[last + 1] === '') last++;
      const message =
        first === last
          ? `Column ${first + 1} of the header has no name, and will not be stored.`
          : `Columns ${first + 1} to ${last + 1} of the header have no name, and will not be stored.`;
      this.#report(report, 'empty-column-name', message, { fix: this.#unnamedFix(first, last, header.length) });
      first = last;
    }
  }

  #unnamedFix(first: number, last: number, width: number): string | undefined {
    // A file of JSON has neither an index nor a delimiter.
    if (this.#format === 'json') return undefined;
    if (last === width - 1 && first > 0) return first === last ? UNNAMED_LAST : UNNAMED_END;
    return last === 0 ? UNNAMED_FIRST : undefined;
  }

  /** Reports keys that the first object has twice. Which columns of a CSV are wanted is known only to its task. */
  #reportRepeated(header: readonly string[], report: Report): void {
    const firsts = new Map<string, number>();
    header.forEach((name, index) => {
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, index);
      else if (name !== '')
        this.#report(report, 'duplicate-column', `Keys ${first + 1} and ${index + 1} have the same name.`, {
          column: name,
        });
    });
  }

  /** Whether the file is a JSON object with its records inside, and nothing says where; then that is reported. */
  async #isEnvelope(report: Report, signal: AbortSignal): Promise<boolean> {
    if (this.#format !== 'json' || this.#json.records !== undefined) return false;
    const path = findRecords(await this.#readHead(signal));
    if (path === undefined) return false;
    const message = `The file is one object, and its records are in the array \`${path}\`.`;
    this.#report(report, 'json-envelope', message, { fix: `Set \`spec.json_options.records: ${path}\`.` });
    return true;
  }

  /** Reports a header that cannot be meant as it was read. */
  async #doubtHeader(header: readonly string[], report: Report, signal: AbortSignal): Promise<void> {
    if (this.#format === 'json') return;
    const text = await this.#readHead(signal);
    const isNamed = (name: string) => this.#columns !== 'all' && this.#columns.includes(name);
    for (const finding of diagnoseHeader({ text, header, format: this.#csv, isNamed })) {
      report.add({ ...finding, file: this.file });
    }
  }

  /** Returns the whole lines at the beginning of the file. */
  async #readHead(signal: AbortSignal): Promise<string> {
    let head = '';
    try {
      for await (const piece of this.#source.pieces(signal)) {
        head += piece;
        if (head.length >= HEAD_LENGTH) return head.replace(/[\r\n][^\r\n]*$/, '\n');
      }
    } catch (error) {
      // What is wrong with later bytes is reported when the rows are read.
      if (!(error instanceof UnreadableError)) throw error;
    }
    return head;
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
