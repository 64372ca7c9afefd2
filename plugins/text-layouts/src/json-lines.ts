import type { FileHandle } from 'node:fs/promises';
import type { JsonObject, LayoutReading, Report } from '@tracebloc/ingestor-contract';
import { lineFindings } from './findings.js';
import { readLines } from './lines.js';

/** Where findings about a line go. */
export interface LinePlace {
  report: Report;
  file: string;
  row: number;
}

/** An object of a file, and its place. */
export interface JsonLine {
  value: JsonObject;
  start: number;
  end: number;
  place: LinePlace;
}

/** Yields the objects of a file of JSON lines. Reports other lines, and leaves them out. */
export async function* readJsonLines(
  file: FileHandle,
  path: string,
  { report, signal }: LayoutReading,
): AsyncGenerator<JsonLine, void> {
  for await (const { text, start, end, number: row } of readLines(file, signal)) {
    if (text.trim() === '') continue;
    const value = parseObject(text);
    const place = { report, file: path, row };
    if (value) yield { value, start, end, place };
    else {
      const message = 'The line is not a JSON object.';
      lineFindings.report(report, 'not-a-json-object', () => ({ message, file: path, row, expected: '{"…": "…"}' }));
    }
  }
}

/** Returns `undefined` unless the text is a JSON object. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Warns about a text whose tabs or line breaks became spaces. */
export function reportTabs({ report, file, row }: LinePlace, isLine: boolean): void {
  const what = isLine ? 'tabs or line breaks' : 'tabs';
  const message = `A text of the line has ${what}, which became spaces.`;
  lineFindings.report(report, 'tab-in-text', () => ({ message, file, row }));
}
