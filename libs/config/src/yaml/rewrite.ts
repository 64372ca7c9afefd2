import { parseDocument } from 'yaml';
import type { JsonValue } from '@tracebloc/ingestor-contract';

/**
 * Sets top-level fields in the text of a configuration file, or removes those whose value is `undefined`. Everything else
 * stays as it is, comments included. `resolveConfig` must accept the text.
 */
export function rewriteConfig(text: string, changes: Readonly<Record<string, JsonValue | undefined>>): string {
  const document = parseDocument(text);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) document.delete(name);
    else document.set(name, value);
  }
  return document.toString({ lineWidth: 0 });
}
