import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it } from '@jest/globals';
import { conformanceChecks } from '@tracebloc/ingestor-conformance';
import hook from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'ingestor-declared-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns records with two dates and declared events. Each third has no end yet. */
function rows(count: number): string {
  const day = (index: number) => new Date(Date.UTC(2022, 0, 1 + index)).toISOString().slice(0, 10);
  const lines = Array.from({ length: count }, (_, index) => {
    const isOpen = index % 3 === 0;
    return [
      day(index),
      isOpen ? '' : day(2 * index + 5),
      isOpen ? 'alive' : index % 2 ? 'dead' : 'lost',
      20 + (index % 50),
    ].join(',');
  });
  return `${['start,end,status,age', ...lines].join('\n')}\n`;
}

const yaml = (intent: string) => `apiVersion: tracebloc.io/v1
kind: IngestConfig
category: time_to_event_prediction
table: study_${intent}
intent: ${intent}
csv: ${intent}.csv
label: { column: status, policy: passthrough }
time_column: { from: start, to: end, unit: days, observed_until: 2024-12-31 }
event_values: { event: dead, censored: [alive, lost] }
schema: { start: DATE, end: DATE, age: INT }
`;

const sample = join(folder, 'samples', 'study');
mkdirSync(sample, { recursive: true });
for (const name of ['package.json', 'README.md']) cpSync(name, join(folder, name));
for (const [intent, count] of [
  ['train', 60],
  ['test', 20],
] as const) {
  writeFileSync(join(sample, `${intent}.csv`), rows(count));
  writeFileSync(join(sample, `${intent}.yaml`), yaml(intent));
}

// `detect` cannot know three values.
const checks = conformanceChecks(await hook(), { folder }).filter(({ name }) => !/detect/.test(name));

it.each(checks)('$name', ({ run }) => run());
