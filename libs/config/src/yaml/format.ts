import { Document, isScalar, type Pair, type Scalar, visit, YAMLMap } from 'yaml';
import type { JsonObject, JsonValue } from '@tracebloc/ingestor-contract';
import { printable } from '@tracebloc/ingestor-core';

export interface CommentedField {
  name: string;
  value: JsonValue | CommentedMap;
  /** Is written at the end of the line, or above the fields of a map. */
  comment?: string;
}

/** A map whose fields are on separate lines, with a comment below them. */
export class CommentedMap {
  constructor(
    readonly fields: readonly CommentedField[],
    readonly comment?: string,
  ) {}

  toJSON(): JsonObject {
    const entries = this.fields.map(({ name, value }) => [
      name,
      value instanceof CommentedMap ? value.toJSON() : value,
    ]);
    return Object.fromEntries(entries) as JsonObject;
  }
}

/** Returns the fields as YAML text with the comment above them. The text is always printable. */
export function formatYaml({ fields, comment }: CommentedMap): string {
  const document = new Document();
  document.contents = toMap(document, fields);
  document.commentBefore = toComment(comment) ?? null;
  // YAML interprets escapes only in double quotes.
  visit(document, (_key, node) => {
    if (isScalar(node) && typeof node.value === 'string' && printable(node.value) !== node.value) {
      node.type = 'QUOTE_DOUBLE';
    }
  });
  // A line break inside a long name or type would be hard to read.
  return printable(document.toString({ lineWidth: 0, flowCollectionPadding: true }));
}

function toMap(document: Document, fields: readonly CommentedField[]): YAMLMap {
  const map = new YAMLMap(document.schema);
  for (const field of fields) map.add(toPair(document, field));
  return map;
}

function toPair(document: Document, { name, value, comment }: CommentedField): Pair {
  const key = document.createNode(name) as Scalar;
  // Without quotes, YAML would merge the value of this name into the map.
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

/** Puts a space between the comment sign and each line of the comment. */
function toComment(text: string | undefined): string | undefined {
  return text?.replace(/^/gm, ' ');
}
