import { parseDocument } from 'yaml';
import type { JsonValue } from '@tracebloc/ingestor-contract';

/**
 * The text of a configuration file with some top-level fields set, or removed where the value is `undefined`. All else
 * stays as it is, comments included. The text must be one that `resolveConfig` accepts.
 */
export function rewriteConfig(text: string, changes: Readonly<Record<string, JsonValue | undefined>>): string {
  const document = parseDocument(text);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) document.delete(name);
    else document.set(name, value);
  }
  return document.toString({ lineWidth: 0 });
}
