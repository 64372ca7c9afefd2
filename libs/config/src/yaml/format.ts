import { Document, isScalar, type Pair, type Scalar, visit, YAMLMap } from 'yaml';
import type { JsonObject, JsonValue } from '@tracebloc/ingestor-contract';
import { printable } from '@tracebloc/ingestor-core';

/** A field of a YAML file, for people to read. */
export interface CommentedField {
  name: string;
  value: JsonValue | CommentedMap;
  /** Stands at the end of the line, or of a map above its fields. */
  comment?: string;
}

/** The fields of a map, which stand on lines of their own, and what is said below them. */
export class CommentedMap {
  constructor(
    readonly fields: readonly CommentedField[],
    readonly comment?: string,
  ) {}

  /** The same without comments. */
  toJSON(): JsonObject {
    const entries = this.fields.map(({ name, value }) => [
      name,
      value instanceof CommentedMap ? value.toJSON() : value,
    ]);
    return Object.fromEntries(entries) as JsonObject;
  }
}

/** YAML text of the fields, with a comment on top; it is printable, whatever they hold. */
export function formatYaml({ fields, comment }: CommentedMap): string {
  const document = new Document();
  document.contents = toMap(document, fields);
  document.commentBefore = toComment(comment) ?? null;
  // Only there an escape is read as what it stands for.
  visit(document, (_key, node) => {
    if (isScalar(node) && typeof node.value === 'string' && printable(node.value) !== node.value) {
      node.type = 'QUOTE_DOUBLE';
    }
  });
  // Names and types may be long, and a line break in one would be hard to read.
  return printable(document.toString({ lineWidth: 0, flowCollectionPadding: true }));
}

function toMap(document: Document, fields: readonly CommentedField[]): YAMLMap {
  const map = new YAMLMap(document.schema);
  for (const field of fields) map.add(toPair(document, field));
  return map;
}

function toPair(document: Document, { name, value, comment }: CommentedField): Pair {
  const key = document.createNode(name) as Scalar;
  // Without quotes, this name would merge its value into the map.
  if (name === '<<') key.type = 'QUOTE_DOUBLE';
  if (value instanceof CommentedMap) {
    const map = toMap(document, value.fields);
    key.commentBefore = toComment(comment);
    map.comment = toComment(value.comment);
    return document.createPair(key, map);
  }
  const node = document.createNode(value, { flow: true });
  node.comment = toComment(comment);
  return document.createPair(key, node);
}

/** A space sets each line of a comment off from its sign. */
function toComment(text: string | undefined): string | undefined {
  return text?.replace(/^/gm, ' ');
}
