import type { Report } from '@tracebloc/ingestor-contract';
import { fieldFindings } from './findings.js';
import type { TextShape } from './text.js';

/** What the fields of a text are, which a tab separates. */
export interface FieldRule {
  /** The names of the fields in findings, in order. */
  fields: readonly string[];
  /** The least number of fields. Default: all of them. */
  least?: number;
  /** Whether the text is one line. Line breaks at its end do not count. */
  isLine: boolean;
  /** Whether a text without a tab is only a warning. */
  mayLackTab?: boolean;
}

/** Checks the fields of a text. It counts them, and does not keep them. */
export class FieldShape implements TextShape {
  #count = 1;
  /** Whether the field that is read has more than white space. */
  #isFilled = false;
  /** The number of the first empty field, from 1; 0 without one. */
  #empty = 0;
  #isLineOver = false;
  #hasLines = false;

  constructor(
    private readonly rule: FieldRule,
    private readonly file: string,
    private readonly report: Report,
  ) {}

  add(piece: string): void {
    for (const part of piece.split(/([\t\n\r])/)) {
      if (part === '\n' || part === '\r') this.#isLineOver = true;
      else if (part !== '') this.#addPart(part);
    }
  }

  #addPart(part: string): void {
    this.#hasLines ||= this.#isLineOver;
    if (part !== '\t') {
      this.#isFilled ||= part.trim() !== '';
      return;
    }
    this.#endField();
    this.#count++;
  }

  #endField(): void {
    if (!this.#isFilled && this.#empty === 0) this.#empty = this.#count;
    this.#isFilled = false;
  }

  finish(): void {
    this.#endField();
    const { fields, least = fields.length, isLine, mayLackTab = false } = this.rule;
    const expected = `${fields.join(', tab, ')}${least < fields.length ? ` (at least ${least} of them)` : ''}`;
    const add = (code: Parameters<typeof fieldFindings.make>[0], message: string): void => {
      fieldFindings.report(this.report, code, () => ({ message, file: this.file, expected }));
    };
    if (isLine && this.#hasLines) add('several-lines', 'The text has several lines.');
    else if (mayLackTab && this.#count === 1) add('missing-tab', 'The text has no tab.');
    else if (this.#count < least || this.#count > fields.length) {
      add('wrong-field-count', `The text has ${this.#count} field${this.#count === 1 ? '' : 's'}.`);
    } else if (this.#empty > 0) {
      add('empty-field', `Field ${this.#empty} of the text is empty.`);
    }
  }
}
