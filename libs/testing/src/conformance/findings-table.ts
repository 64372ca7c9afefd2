import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { TASKS_HOOK, type FormatPlugin } from '@tracebloc/ingestor-contract';
import { READER_FINDINGS } from '@tracebloc/ingestor-dataset';

const PLACE = /(<!-- findings -->)[^]*(<!-- \/findings -->)/;

/**
 * Writes the table of findings into the README.md of a built plugin, between the comments `<!-- findings -->` and
 * `<!-- /findings -->`: the reader's and those of its tasks, in the form that the conformance kit asks for.
 */
export async function writeFindingsTable(folder: string): Promise<void> {
  const file = resolve(folder, 'README.md');
  const text = await readFile(file, 'utf8');
  if (!PLACE.test(text)) throw new Error(`${file} has no place for the table: <!-- findings --> <!-- /findings -->.`);
  const { tasks } = await loadPlugin(folder);
  const findings = new Map(
    [...READER_FINDINGS, ...tasks.flatMap((task) => task.findings)].map((one) => [one.code, one]),
  );
  const rows = [...findings.values()].map(
    ({ code, severity, meaning, fix }) => `| \`${code}\` | ${severity} | ${meaning} | ${fix.replaceAll('|', '\\|')} |`,
  );
  const table = ['| code | severity | when | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const written = text.replace(PLACE, (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`);
  await writeFile(file, await format(written, { ...(await resolveConfig(file)), parser: 'markdown' }));
}

async function loadPlugin(folder: string): Promise<FormatPlugin> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    oclif: { hooks: Record<string, string> };
  };
  const hook = pathToFileURL(resolve(folder, manifest.oclif.hooks[TASKS_HOOK]!)).href;
  const { default: answer } = (await import(hook)) as { default: () => Promise<FormatPlugin> };
  return answer();
}
