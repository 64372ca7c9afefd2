import { type Document, parseDocument } from 'yaml';
import type { JsonObject, JsonValue } from '@tracebloc/ingestor-contract';

/**
 * Sets top-level fields in the text of a configuration file, or removes those whose value is `undefined`, and removes an
 * option of `spec.csv_options`. Everything else stays as it is, comments included. `resolveConfig` must accept the text.
 */
export function rewriteConfig(
  text: string,
  changes: Readonly<Record<string, JsonValue | undefined>>,
  removedOption?: string,
): string {
  const document = parseDocument(text);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) document.delete(name);
    else document.set(name, value);
  }
  if (removedOption !== undefined) removeOption(document, removedOption);
  return document.toString({ lineWidth: 0 });
}

function removeOption(document: Document, name: string): void {
  const path = ['spec', 'csv_options', name];
  if (document.hasIn(path)) {
    document.deleteIn(path);
    return;
  }
  // An alias has no fields, so what it stands for is written out.
  const { spec } = document.toJS() as { spec?: { csv_options?: JsonObject } };
  if (!spec?.csv_options || !Object.hasOwn(spec.csv_options, name)) return;
  const { [name]: _, ...others } = spec.csv_options;
  document.set('spec', document.createNode({ ...spec, csv_options: others }));
}
