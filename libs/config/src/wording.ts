import { shortenName } from '@tracebloc/ingestor-core';
import { toJson, type Located } from './yaml/located.js';

/** A setting's text in quotes, unless it may be an address that holds a password. */
export function quoteSafely(text: string): string {
  return text.includes('@') ? 'the value' : quote(text);
}

/** A value of a configuration in quotes, on one line and of bounded length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** What stands at a place, for "found ...". */
export function describeValue(node: Located): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string'
    ? `the text ${quote(node.value)}`
    : `the ${typeof node.value} ${shortenName(node.text)}`;
}

/** A value as `config show` prints it. */
export function showValue(value: unknown): string {
  // Control characters, such as a tab that is a delimiter, show as their escapes.
  if (typeof value === 'string') return value.replace(/\p{Cc}/gu, (c) => JSON.stringify(c).slice(1, -1));
  return JSON.stringify(value);
}

export function showNode(node: Located): string {
  return node.kind === 'scalar' ? showValue(node.text) : showValue(toJson(node));
}
