import type { JsonValue } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { createReport } from '@tracebloc/ingestor-dataset';
import { readDataset } from './read.js';
import { digestOf } from './reading.js';

const SHARDS = 3;

/** Checks that several shards together make the same records as one process, without errors. */
export async function* checkShards(config: RunConfig): AsyncGenerator<string, void> {
  const { task, options, label, schema, columns, source } = config;
  const whole: string[] = [];
  const { errors } = await readDataset(config, { take: (record) => whole.push(digestOf(record, true)) });
  // `checkValid` reports the errors of the sample itself.
  if (errors > 0) return;
  const own: string[] = [];
  const parts: JsonValue[] = [];
  for (let index = 0; index < SHARDS; index++) {
    const report = await readDataset(config, {
      shard: { index, count: SHARDS, rows: task.shards?.rows ?? 'all' },
      handOn: task.shards?.conclude && ((part) => parts.push(part)),
      take: (record) => own.push(digestOf(record, true)),
    });
    for (const { code, message } of report.findings().filter(({ severity }) => severity === 'error')) {
      yield `Shard ${index} of ${SHARDS} has the error ${code}, which the whole sample does not have: ${message} Check in \`conclude\` what only all rows show.`;
    }
  }
  const at = whole.findIndex((digest, index) => digest !== own[index]);
  if (at !== -1 || own.length !== whole.length) {
    yield `Record ${at === -1 ? whole.length + 1 : at + 1} differs in shards: make one record of each row if shards.rows is \`own\`; otherwise remove \`shards\`.`;
  }
  // The ledger keeps them as JSON.
  const kept = JSON.parse(JSON.stringify(parts)) as JsonValue[];
  const report = createReport();
  task.shards?.conclude?.(kept, { options, label: label?.column, schema, columns, report, file: source.path });
  for (const { code, message } of report.findings().filter(({ severity }) => severity === 'error')) {
    yield `The conclusion over all shards has the error ${code}, which the whole sample does not have: ${message}`;
  }
}
