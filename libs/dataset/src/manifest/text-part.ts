import type { Finding, ParseRows, Report, RowBatch, TextTable } from '@tracebloc/ingestor-contract';
import { type CsvFormat, listNames } from '@tracebloc/ingestor-core';
import { type LaterDoubt, LaterLines } from '../encoding/later-lines.js';
import { UnreadableError, makeFinding, reportFinding } from '../findings/findings.js';
import { createReport } from '../findings/report.js';
import { mayHaveControls, reportControls } from './control-characters.js';
import { foreignFormat } from './foreign-format.js';
import { OddRowWatch } from './odd-rows/watch.js';
import type { PartReading, TablePart } from './part.js';
import { describeChange, type ManifestHash, sourceChanged } from './reading.js';
import { RepeatedHeaderFilter } from './repeated-header.js';
import { mayEndInTotals } from './table-end.js';
import { TextSource } from './text-source.js';
import type { ParseObserver } from './types.js';

/** The characters at the beginning of a file by which a header is doubted. */
const HEAD_LENGTH = 32 * 1024;

/** The option that states the encoding of a manifest. */
export const ENCODING_OPTION = 'spec.csv_options.encoding';

interface TextPartOptions {
  path: string;
  file: string;
  table: TextTable;
  csv: CsvFormat;
  columns: readonly string[] | 'all';
  /** Whether no other process reads a share of the file. */
  isWhole: boolean;
  /** Whether rows that are unlike all others are reported. A shard does not see the rows around its own. */
  judgesRows: boolean;
}

/** A file of text. */
export class TextPart implements TablePart {
  readonly path: string;
  readonly file: string;
  readonly namesCells: boolean;
  readonly statesTypes = false;
  readonly types = new Map<string, string>();
  readonly unsupported = [];
  readonly #source: TextSource;
  readonly #table: TextTable;
  readonly #columns: readonly string[] | 'all';
  #head = '';
  #parse: ParseRows;
  /** Whether some chunk so far has bytes of control characters. */
  #hasControls = false;
  /** Whether the beginning of the file shows that the stated encoding may be wrong. */
  #hasDoubt = false;

  readonly #csv: CsvFormat;
  readonly #isWhole: boolean;
  readonly #judgesRows: boolean;
  /** The lines about which `doubt` has said something. */
  readonly #doubted = new Set<number>();

  constructor({ path, file, table, csv, columns, isWhole, judgesRows }: TextPartOptions) {
    const { chunkSize, encoding } = csv;
    this.#csv = csv;
    this.#isWhole = isWhole;
    this.#judgesRows = judgesRows;
    this.path = path;
    this.file = file;
    this.#table = table;
    this.#columns = columns;
    this.#parse = table.parse;
    this.namesCells = table.namesCells ?? false;
    this.#source = new TextSource(path, chunkSize, { encoding, option: ENCODING_OPTION }, true, true);
  }

  get size(): number {
    return this.#source.size;
  }

  get read(): number {
    return this.#source.read;
  }

  get extent(): number {
    return this.#source.size;
  }

  get position(): number {
    return this.#source.read;
  }

  isUntouched(): Promise<boolean> {
    return this.#source.isUntouched();
  }

  async open(report: Report, hash: ManifestHash, signal: AbortSignal): Promise<string[] | undefined> {
    this.#head = await this.#readHead(signal);
    const refusal = await this.#table.refuse?.(this.#head);
    if (!refusal) return this.#readHeader(report, hash, signal);
    report.add(refusal);
    return undefined;
  }

  /**
   * Reads up to the header and closes the file again, so that a caller need not read the rows. In JSON it reads on until all
   * columns of the configuration are found, which may be in later records. Problems of rows that were read on the way are
   * reported when the rows are read, or here if there is no header and the rows are never read.
   */
  async #readHeader(report: Report, hash: ManifestHash, signal: AbortSignal): Promise<string[] | undefined> {
    const pending = createReport();
    const finder = this.#table.findColumns?.(this.#columns);
    const parse = finder?.parse ?? this.#parse;
    let header: string[] | undefined;
    try {
      const observer: ParseObserver = {
        report: pending,
        skip: () => undefined,
        pass: () => undefined,
        position: 'wanted',
      };
      for await (const { rows } of parse(this.#pieces(signal, hash), observer)) {
        if (rows[0] && !header) {
          header = rows[0].map((name) => name.trim());
          finder?.addFirst(header);
        }
        if (header && (finder?.isComplete ?? true)) break;
      }
      if (!header && pending.errors === 0)
        reportFinding(pending, 'empty-file', () => ({ message: 'The file has no header row.' }));
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      // After the header the same is found again when the rows are read.
      if (!header) pending.add(error.finding);
    }
    if (header) {
      if (!finder || finder.found.length === 0) return header;
      this.#parse = finder.parseWith(finder.found);
      return [...header, ...finder.found];
    }
    pending.findings().forEach((finding) => report.add(finding));
    return undefined;
  }

  addColumns(names: readonly string[]): void {
    const finder = this.#table.findColumns?.('all');
    if (finder) this.#parse = finder.parseWith(names);
  }

  doubt(header: readonly string[], report: Report): void {
    if (!this.#table.doubt) return;
    const isNamed = (name: string) => this.#columns !== 'all' && this.#columns.includes(name);
    for (const finding of this.#table.doubt({ text: this.#head, header, isNamed })) {
      report.add(finding);
      if (finding.row !== undefined) this.#doubted.add(finding.row);
    }
  }

  async doubtFile(report: Report): Promise<void> {
    const doubt = await this.#source.doubt();
    this.#hasDoubt = doubt !== undefined;
    if (doubt) report.add(encodingFinding(doubt));
  }

  /** Reports lines in another encoding than the stated one that the beginning of the file does not show. */
  async #doubtLines(lines: LaterLines, report: Report): Promise<void> {
    const doubt = await lines.finish();
    if (!doubt) return;
    const { offset } = doubt;
    report.add(encodingFinding(doubt, offset === undefined ? undefined : await this.#source.lineAt(offset)));
  }

  async *batches({ header, observer, cuts, hash, signal }: PartReading): AsyncGenerator<RowBatch, void> {
    let isFirst = true;
    let repeated: RepeatedHeaderFilter | undefined;
    let odd: OddRowWatch | undefined;
    const later = this.#isWhole && !this.#hasDoubt ? new LaterLines(this.#csv.encoding) : undefined;
    for await (const { rows, lines } of this.#parse(this.#pieces(signal, hash, { cuts, later }), observer)) {
      if (isFirst && rows.length > 0) {
        // The header is read a second time: a file that was replaced in between may have other columns.
        const names = rows.shift()!;
        if (this.#hasControls) reportControls({ rows: [names], lines }, header, observer.report);
        if (this.#table.hasHeaderLine) repeated = new RepeatedHeaderFilter(names, this.#table.skipsBadRows ?? false);
        if (names.some((name, index) => name.trim() !== header[index]))
          throw sourceChanged(describeChange(this.path, 'other'));
        const line = lines.shift()!;
        if (this.#judgesRows) odd = new OddRowWatch(this.#csv, line, this.#doubted);
        isFirst = false;
      }
      repeated?.apply({ rows, lines }, observer);
      if (this.#hasControls) reportControls({ rows, lines }, header, observer.report);
      odd?.add({ rows, lines });
      if (rows.length > 0) yield { rows, lines };
    }
    odd?.finish(observer.report);
    if (later) await this.#doubtLines(later, observer.report);
  }

  /** Returns the text of the file in pieces. */
  #pieces(
    signal: AbortSignal,
    hash: ManifestHash,
    { cuts, later }: { cuts?: readonly number[]; later?: LaterLines } = {},
  ): AsyncGenerator<string, void> {
    this.#hasControls = false;
    let isFirst = true;
    const onText = (chunk: Uint8Array) => {
      this.#hasControls ||= mayHaveControls(chunk);
      const foreign = isFirst ? foreignFormat(chunk) : undefined;
      isFirst = false;
      if (foreign) throw new UnreadableError(foreign);
      later?.add(chunk);
    };
    return this.#source.pieces(signal, cuts, { onBytes: (chunk) => hash.add(chunk), onText });
  }

  async mayEndInTotals(): Promise<boolean> {
    return (await this.#source.isArchive()) || mayEndInTotals(this.path);
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
}

function encodingFinding({ message, encodings, isUtf8 }: LaterDoubt, row?: number): Finding {
  const [encoding, ...others] = encodings;
  const also = others.length > 0 ? ` It may also be ${listNames(others)}.` : '';
  let fix = 'Write all lines in one encoding.';
  if (encoding !== undefined)
    fix = `If the second reading is right, set \`${ENCODING_OPTION}: ${encoding}\`. If the first is, leave it.${also}`;
  else if (isUtf8) fix = `Remove \`${ENCODING_OPTION}\`: without it, the file is read as UTF-8.`;
  return makeFinding('doubtful-encoding', { message, fix, row });
}
