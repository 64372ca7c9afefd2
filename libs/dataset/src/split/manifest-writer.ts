import type { Form } from './record-texts.js';

/** A destination for texts. They are written in order. */
export interface TextSink {
  write(text: string): Promise<void>;
}

/** What a CSV begins with before its first row: the header, and other lines if the dialect has them. */
export interface Preamble {
  text: string;
  /** The line ending of the file, which is empty if its first row is its last line and has none. */
  end: string;
}

/** The texts before, between and after the records. */
interface Frame {
  open: string;
  between: string;
  close: string;
}

/** The number of characters that are written together. */
const PORTION = 64 * 1024;

/** Writes records of a manifest, unchanged, into a new manifest of the same form. */
export class ManifestWriter {
  readonly #frame: Frame;
  #pending = '';
  /** The number of records so far. */
  count = 0;

  /** `columns` are the names of all columns. `records` is the path of the array in a JSON object, as in `JsonFormat`. */
  constructor(
    private readonly sink: TextSink,
    private readonly form: Form,
    preamble: Preamble | undefined,
    private readonly columns: readonly string[],
    records?: string,
  ) {
    this.#frame = frameOf(form, preamble, records);
  }

  add(text: string): void {
    this.#pending += this.count === 0 ? this.#frame.open + this.#asFirst(text) : this.#frame.between + text;
    this.count++;
  }

  /** Writes what was added, if it is enough. Must be called regularly. */
  async flush(): Promise<void> {
    if (this.#pending.length < PORTION) return;
    await this.#write();
  }

  /** Writes the rest, and after it a footer. */
  async end(footer = ''): Promise<void> {
    this.#pending += this.#frame.close + footer;
    await this.#write();
  }

  async #write(): Promise<void> {
    await this.sink.write(this.#pending);
    this.#pending = '';
  }

  /** The first JSON record names the columns, so the keys that it does not have are added. */
  #asFirst(text: string): string {
    if (this.form === 'csv') return text;
    const keys = new Set(Object.keys(JSON.parse(text) as object).map((key) => key.trim()));
    const missing = this.columns
      .filter((column) => !keys.has(column))
      .map((column) => `${JSON.stringify(column)}: null`);
    if (missing.length === 0) return text;
    const body = text.trimEnd().slice(0, -1).trimEnd();
    return `${body}${keys.size > 0 ? ', ' : ''}${missing.join(', ')}}`;
  }
}

function frameOf(form: Form, preamble: Preamble | undefined, records: string | undefined): Frame {
  if (form === 'json-array') {
    const keys = records?.split('.') ?? [];
    const open = keys.map((key) => `{${JSON.stringify(key)}: `).join('');
    return { open: `${open}[\n`, between: ',\n', close: `\n]${'}'.repeat(keys.length)}\n` };
  }
  // All rows end alike, also the last, which may have had no line ending.
  const end = preamble?.end || '\n';
  return { open: preamble?.text ?? '', between: end, close: end };
}
