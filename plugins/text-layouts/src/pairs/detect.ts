import type { DataForm, JsonObject, LayoutDetection } from '@tracebloc/ingestor-contract';
import { detectJsonLines } from '../json-detect.js';
import { fieldsOf, valueAt } from './fields.js';

/** Recognises files of JSON lines with two or three texts each. */
export function detectPairs(root: string): Promise<LayoutDetection | undefined> {
  return detectJsonLines(root, describe);
}

function describe(lines: readonly JsonObject[]): { found: string; forms: readonly DataForm[] } | undefined {
  const fields = fieldsOf(lines[0]!);
  if (!fields) return undefined;
  const { texts, optional, label } = fields;
  if (!lines.every((line) => texts.every((name) => typeof valueAt(line, name) === 'string'))) return undefined;
  const names = [...texts, ...(optional === undefined ? [] : [`${optional} if there is one`])];
  const forms: DataForm[] = ['text_pairs', 'free_texts'];
  return {
    found: `JSON lines of ${names.join(', ')}${label === undefined ? '' : `, each with a ${label}`}`,
    forms: /^(prompt|instruction)$/.test(texts[0]!) ? forms.reverse() : forms,
  };
}
