import { stat } from 'node:fs/promises';
import { type CsvFormat, InterruptedError, type JsonFormat, listNames } from '@tracebloc/ingestor-core';
import type { DatasetReader, Finding, OpenManifest, ValueFormat, Report, RowBatch } from '@tracebloc/ingestor-contract';
import { mayHaveControls, reportControls } from './control-characters.js';
import { checkHeader, reportUnnamed } from './check-header.js';
import { diagnoseHeader } from './csv/diagnose.js';
import { parseCsv } from './csv/rows.js';
import { UnreadableError, type DatasetFindingCode, reportFinding } from '../findings/findings.js';
import { findJson, foreignFormat } from './foreign-format.js';
import { LateKeyCollector } from './json/late-keys.js';
import type { LateKeys } from './json/objects.js';
import { ManifestHash, changeSince, describeChange, sourceChanged, type ManifestReading } from './reading.js';
import { NamedReport } from './named-report.js';
import { Pause } from '../pause.js';
import { createReport } from '../findings/report.js';
import { RepeatedHeaderFilter } from './repeated-header.js';
import { mayEndInTotals } from './table-end.js';
import { TextSource } from './text-source.js';
import { WHOLE_FILE, ShardRange } from './shard-range.js';
import type { ParseObserver, ParseRows, ReaderOptions } from './types.js';

/** The cell texts that mean a missing value in tabular and time data, beside the empty cell. */
const MISSING_TOKENS: readonly string[] = [
  ...['NA', 'N/A', 'NaN', 'NULL', 'null', 'None', 'n/a', 'nan'],
  ...['none', '<NA>', '#N/A', '#NA', '\\N'],
];

/** The characters at the beginning of a file by which a header is doubted. */
const HEAD_LENGTH = 32 * 1024;

/** The option that states the encoding of a manifest. */
export const ENCODING_OPTION = 'spec.csv_options.encoding';

/** Parses JSON. The parser is loaded only now: few manifests are JSON. */
function parseJson(format: JsonFormat, late?: LateKeys): ParseRows {
  return async function* (pieces, observer) {
    const json = await import('./json/rows.js');
    yield* json.parseJson(format, late)(pieces, observer);
  };
}

/** Opens a manifest. Throws an `IngestorError` when the path is not a readable file. */
export function openReader(options: ReaderOptions): ManifestReader {
  return new ManifestReader(options);
}

/** Reads a manifest, and checks that it did not change meanwhile. */
export class ManifestReader implements DatasetReader {
  readonly file: string;
  readonly missing: ReadonlySet<string>;
  readonly assumedMissing: ReadonlySet<string>;
  readonly #missingOf: ReadonlyMap<string, ReadonlySet<string>>;
  skipped = 0;
  passed = 0;
  complete = true;
  readonly isWhole: boolean;
  mayEndInTotals = false;
  readonly #source: TextSource;
  #parse: ParseRows;
  readonly #range: ShardRange;
  readonly #path: string;
  readonly #format: ReaderOptions['format'];
  readonly #csv: CsvFormat;
  readonly #json: JsonFormat;
  readonly #columns: readonly string[] | 'all';
  readonly #isFirstShard: boolean;
  #hash = new ManifestHash();
  /** Whether some chunk so far has bytes of control characters. */
  #hasControls = false;

  constructor({ format, path, file, csv, json = {}, missing, columns = [], shard = WHOLE_FILE }: ReaderOptions) {
    this.file = file;
    this.isWhole = shard === WHOLE_FILE;
    const words = missing === 'tokens' && csv.keepDefaultNa !== false ? MISSING_TOKENS : [];
    this.missing = new Set([...words, ...csv.naValues]);
    this.assumedMissing = new Set(csv.keepDefaultNa === undefined ? words : []);
    this.#missingOf = new Map(
      Object.entries(csv.naColumns ?? {}).map(([name, texts]) => [name, new Set([...this.missing, ...texts])]),
    );
    this.#path = path;
    this.#format = format;
    this.#csv = csv;
    this.#json = json;
    this.#columns = columns;
    this.#isFirstShard = shard.index === 0;
    this.#source = new TextSource(path, csv.chunkSize, { encoding: csv.encoding, option: ENCODING_OPTION });
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

  missingOf(column: string): ReadonlySet<string> {
    return this.#missingOf.get(column) ?? this.missing;
  }

  formatOf(column: string): ValueFormat {
    const { decimal, thousands, percent, currency, dayFirst, timeZone, dateFormat, dateColumns = {} } = this.#csv;
    const own = Object.hasOwn(dateColumns, column) ? dateColumns[column] : dateFormat;
    return { decimal, thousands, percent, currency, dayFirst, timeZone, dateFormat: own };
  }

  isOwn(row: number): boolean {
    return this.#range.isOwn(row);
  }

  async open(report: Report, signal: AbortSignal): Promise<OpenManifest | undefined> {
    const head = await this.#readHead(signal);
    if (await this.#isOtherForm(head, report)) return undefined;
    const header = await this.#readHeader(report, signal);
    if (!header) return undefined;
    const read = { header, format: this.#format, file: this.file };
    if (!checkHeader(read, report)) return undefined;
    const before = report.errors;
    this.#doubtHeader(header, head, report);
    if (report.errors > before) return undefined;
    reportUnnamed(read, report);
    if (this.#isFirstShard) await this.#reportDoubt(report);
    if (this.isWhole) this.mayEndInTotals = await mayEndInTotals(this.#path);
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
      const observer = this.#observer(report);
      let repeated: RepeatedHeaderFilter | undefined;
      for await (const { rows, lines } of this.#parse(pieces, observer)) {
        if (rowsRead === -1 && rows.length > 0) {
          // The header is read a second time: a file that was replaced in between may have other columns.
          const names = rows.shift()!;
          if (this.#hasControls) reportControls({ rows: [names], lines }, header, observer.report);
          if (this.#mayRepeatHeader) repeated = new RepeatedHeaderFilter(names, this.#csv.onBadLines);
          if (names.some((name, index) => name.trim() !== header[index]))
            throw sourceChanged(describeChange(this.#path, 'other'));
          lines.shift();
          rowsRead = 0;
        }
        repeated?.apply({ rows, lines }, observer);
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

  /** Whether the names are a line of the file, which may be repeated. */
  get #mayRepeatHeader(): boolean {
    const { header } = this.#csv;
    return this.#format === 'csv' && header !== 'none' && (header === undefined || header.length === 1);
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

  /** Whether the file has records in another form than the configuration says; then that is reported. */
  async #isOtherForm(head: string, report: Report): Promise<boolean> {
    const finding = this.#format === 'csv' ? findJson(head) : await this.#findEnvelope(head);
    if (finding) report.add({ ...finding, file: this.file });
    return finding !== undefined;
  }

  /** Returns the finding of one JSON object around all records, unless the configuration says where they are. */
  async #findEnvelope(head: string): Promise<Finding | undefined> {
    if (this.#json.records !== undefined) return undefined;
    const { findEnvelope } = await import('./json/envelope.js');
    return findEnvelope(head);
  }

  /** Reports a header that cannot be meant as it was read. */
  #doubtHeader(header: readonly string[], text: string, report: Report): void {
    if (this.#format === 'json') return;
    const isNamed = (name: string) => this.#columns !== 'all' && this.#columns.includes(name);
    for (const finding of diagnoseHeader({ text, header, format: this.#csv, isNamed })) {
      report.add({ ...finding, file: this.file });
    }
  }

  /** Returns the whole lines at the beginning of the file, or no text if a part of it cannot be read. */
  async #readHead(signal: AbortSignal): Promise<string> {
    let head = '';
    try {
      for await (const piece of this.#source.pieces(signal)) {
        head += piece;
        if (head.length >= HEAD_LENGTH) return head.replace(/[\r\n][^\r\n]*$/, '\n');
      }
    } catch (error) {
      // What is wrong is reported when the rows are read.
      if (error instanceof UnreadableError) return '';
      throw error;
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

  /** Returns a report that adds the file's name. An error means that rows are left out, so `complete` ends. */
  #withFile(report: Report): Report {
    return new NamedReport(report, this.file, () => (this.complete = false));
  }
}
