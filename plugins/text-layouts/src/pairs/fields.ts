import type { JsonObject, JsonValue } from '@tracebloc/ingestor-contract';

/** The usual names of the texts of a line, in their order. A name in brackets may be absent. */
const USUAL: readonly (readonly string[])[] = [
  ['prompt', 'completion'],
  ['prompt', 'response'],
  ['instruction', 'response'],
  ['source', 'target'],
  ['src', 'tgt'],
  ['input', 'output'],
  ['document', 'summary'],
  ['article', 'highlights'],
  ['anchor', 'positive', '[negative]'],
  ['query', 'positive', '[negative]'],
  ['sentence1', 'sentence2'],
  ['sentence_1', 'sentence_2'],
  ['premise', 'hypothesis'],
  ['question1', 'question2'],
  ['text1', 'text2'],
  ['question', 'answer'],
];

const LABELS = ['label', 'gold_label'];

/** The fields of lines that are read. */
export interface PairFields {
  texts: readonly string[];
  /** A text that may be absent. */
  optional?: string;
  label?: string;
}

/** Returns the value at a path such as `translation.en`. */
export function valueAt(line: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(line, path)) return line[path];
  let value: JsonValue | undefined = line;
  for (const name of path.split('.')) {
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the fields of a line with one of the usual lists of names, or with the names that the options have. */
export function fieldsOf(line: JsonObject, { fields, label_field: label }: JsonObject = {}): PairFields | undefined {
  const names = (fields as string[] | undefined) ?? USUAL.find((usual) => usual.every((name) => isThere(line, name)));
  if (!names) return undefined;
  const last = names.at(-1)!;
  const optional = fields === undefined && last.startsWith('[') ? last.slice(1, -1) : undefined;
  const own = (label as string | undefined) ?? LABELS.find((name) => isLabel(line[name]));
  return { texts: optional === undefined ? names : names.slice(0, -1), optional, label: own };
}

/** Returns the names of the other fields of a line. */
export function othersOf(line: JsonObject, { texts, optional, label }: PairFields): string[] {
  const used = [...texts, optional, label].map((name) => name?.split('.')[0]);
  return Object.keys(line).filter((name) => !used.includes(name) && ![...texts, label].includes(name));
}

const isThere = (line: JsonObject, name: string): boolean => name.startsWith('[') || typeof line[name] === 'string';

const isLabel = (value: JsonValue | undefined): boolean => ['string', 'number', 'boolean'].includes(typeof value);
