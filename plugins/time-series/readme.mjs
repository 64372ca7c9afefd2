/** Writes the table of findings in README.md from the catalogue of the built package. */
import { readFileSync, writeFileSync } from 'node:fs';
import { READER_FINDINGS } from '@tracebloc/ingestor-dataset';
import { format, resolveConfig } from 'prettier';
import { tasks } from './dist/index.js';

const file = new URL('README.md', import.meta.url);
const findings = new Map([...READER_FINDINGS, ...tasks.flatMap((task) => task.findings)].map((one) => [one.code, one]));
const rows = [...findings.values()].map(
  ({ code, severity, meaning, fix }) => `| \`${code}\` | ${severity} | ${meaning} | ${fix.replaceAll('|', '\\|')} |`,
);
const table = ['| code | severity | when | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
const text = readFileSync(file, 'utf8').replace(
  /(<!-- findings -->)[^]*(<!-- \/findings -->)/,
  (_, start, end) => `${start}\n\n${table}\n\n${end}`,
);
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }));
