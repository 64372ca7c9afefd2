import type { Finding, ParseRows, TextTable, TextTableFormat } from '@tracebloc/ingestor-contract';
import type { JsonFormat } from '@tracebloc/ingestor-core';
import { LateKeyCollector } from './late-keys.js';
import type { LateKeys } from './objects.js';

/** JSON: an array of objects, or JSON lines. Its options are `JsonFormat`. */
export const JSON_FORMAT: TextTableFormat<JsonFormat> = {
  kind: 'text',
  name: 'json',
  title: 'JSON',
  summary: 'The manifest as a JSON array of objects, or as JSON lines.',
  extensions: ['.json', '.jsonl', '.ndjson'],
  options: { type: 'object' },
  open: openJson,
};

function openJson(format: JsonFormat): TextTable {
  return {
    parse: parseJson(format),
    hasHeaderLine: false,
    namesCells: true,
    refuse: (beginning) => refuseEnvelope(beginning, format),
    findColumns(wanted) {
      const late = new LateKeyCollector(wanted);
      return {
        parse: parseJson(format, { accept: late.accept }),
        addFirst: (names) => late.addFirst(names),
        get isComplete() {
          return late.isComplete;
        },
        get found() {
          return late.found;
        },
        parseWith: (known) => parseJson(format, { known }),
      };
    },
  };
}

/** Parses JSON. The parser is loaded only now: few manifests are JSON. */
function parseJson(format: JsonFormat, late?: LateKeys): ParseRows {
  return async function* (pieces, observer) {
    const json = await import('./rows.js');
    yield* json.parseJson(format, late)(pieces, observer);
  };
}

/** Returns the finding of one object around all records, unless the configuration says where they are. */
async function refuseEnvelope(beginning: string, { records }: JsonFormat): Promise<Finding | undefined> {
  if (records !== undefined) return undefined;
  const { findEnvelope } = await import('./envelope.js');
  return findEnvelope(beginning);
}
