import { nearest } from '@tracebloc/ingestor-core';

/** Adds to oclif's message about flags that a command does not have those that were most likely meant. */
export function describeUnknownFlags(message: string, unknown: readonly string[], known: readonly string[]): string {
  const meant = unknown.flatMap((flag) => {
    const name = /^--(?<name>[^=]+)/.exec(flag)?.groups?.name;
    return name === undefined ? [] : (nearest(name, known) ?? []);
  });
  if (meant.length === 0) return message;
  const [first, ...more] = message.split('\n');
  const names = [...new Set(meant)].map((name) => `--${name}`).join(' and ');
  return [`${first}. Did you mean ${names}?`, ...more].join('\n');
}
