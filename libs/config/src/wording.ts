import { shortenName } from '@tracebloc/ingestor-core';
import { toJson, type Located } from './yaml/located.js';

/** Marks a path that this machine does not have. */
export const NOT_HERE = 'not found here';

/** Quotes the text of a setting. Returns `undefined` for a text that may be an address with a password. */
export function quoteSafely(text: string): string | undefined {
  return text.includes('@') ? undefined : quote(text);
}

/** Quotes a value of a configuration on one line and cuts a long one. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** Describes a value, for messages with "found ...". */
export function describeValue(node: Located): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string'
    ? `the text ${quote(node.value)}`
    : `the ${typeof node.value} ${shortenName(node.text)}`;
}

/** Returns a value as `config show` prints it. */
export function showValue(value: unknown): string {
  // Control characters, such as the tab of a delimiter, are shown as escapes.
  if (typeof value === 'string') return value.replace(/\p{Cc}/gu, (c) => JSON.stringify(c).slice(1, -1));
  return JSON.stringify(value);
}

export function showNode(node: Located): string {
  return node.kind === 'scalar' ? showValue(node.text) : showValue(toJson(node));
}
