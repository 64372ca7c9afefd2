import type { FileHandle } from 'node:fs/promises';
import { type JsonObject, type LayoutReading, type LayoutRequest, TableError } from '@tracebloc/ingestor-contract';
import { joinFields } from '@tracebloc/ingestor-dataset';
import { lineFindings } from '../findings.js';
import { type JsonLine, parseObject, readJsonLines, reportTabs } from '../json-lines.js';
import type { TextPositions } from '../text-index.js';
import type { ParsedText, TextParser } from '../text-table.js';
import { fieldsOf, othersOf, type PairFields, valueAt } from './fields.js';

/** Reads the lines of pairs: their texts with a tab between them, and their labels. */
export class PairParser implements TextParser {
  #fields: PairFields | undefined;
  readonly #isLine: boolean;

  constructor(
    private readonly request: LayoutRequest,
    private readonly reading: LayoutReading,
  ) {
    this.#isLine = request.form === 'text_pairs';
  }

  get hasLabels(): boolean {
    return this.#fields?.label !== undefined && this.#isLine;
  }

  async index(file: FileHandle, positions: TextPositions): Promise<void> {
    for await (const line of readJsonLines(file, this.request.path, this.reading)) {
      this.#fields ??= this.#findFields(line);
      if (this.#check(line, this.#fields)) positions.add(line.start, line.end, line.place.row);
    }
  }

  /** Finds the fields by the first line. */
  #findFields({ value, place }: JsonLine): PairFields {
    const fields = fieldsOf(value, this.request.options);
    if (!fields) {
      const fix = 'Name the fields of the texts, in their order: `spec.pairs_options.fields: [source, target]`.';
      throw new TableError('The first line has no two texts with usual names, such as source and target.', fix);
    }
    const others = othersOf(value, fields);
    if (others.length > 0) {
      const message = `Fields of the lines are not used: ${others.slice(0, 10).join(', ')}.`;
      const { report, ...where } = place;
      lineFindings.report(report, 'unused-fields', () => ({ message, ...where }));
    }
    return fields;
  }

  #check({ value, place }: JsonLine, fields: PairFields): boolean {
    const { report, file, row } = place;
    const missing = fields.texts.find((name) => typeof valueAt(value, name) !== 'string');
    if (missing !== undefined) {
      lineFindings.report(report, 'missing-text', () => {
        return { message: 'The line lacks a text.', file, row, column: missing, expected: 'a string' };
      });
      return false;
    }
    if (joinFields(textsOf(value, fields), this.#isLine).isChanged) reportTabs(place, this.#isLine);
    return true;
  }

  parse(source: string): ParsedText {
    const value = parseObject(source)!;
    const fields = this.#fields!;
    const label = fields.label === undefined ? undefined : valueAt(value, fields.label);
    const { text } = joinFields(textsOf(value, fields), this.#isLine);
    return { text, label: label === undefined || label === null ? '' : wordOf(label) };
  }
}

function textsOf(value: JsonObject, { texts, optional }: PairFields): string[] {
  const last = optional === undefined ? undefined : valueAt(value, optional);
  return [...texts.map((name) => valueAt(value, name) as string), ...(typeof last === 'string' ? [last] : [])];
}

const wordOf = (label: unknown): string => (typeof label === 'string' ? label : JSON.stringify(label));
