import { ux } from '@oclif/core';
import { renderTable } from '@tracebloc/ingestor-cli';
import { printableLine } from '@tracebloc/ingestor-core';
import type { InstalledPlugin } from '../services/plugins/install.js';
import type { AvailablePlugin, PluginList } from '../services/plugins/list.js';

/** Renders the installed plugins, what is wrong with them, and those that can be installed. */
export function renderPlugins({ installed, available }: PluginList): string {
  const rows = installed.flatMap(({ friendlyName, version, origin, ...brings }) =>
    rowsOf([friendlyName, version ?? 'unknown', origin], whatBrings(brings)),
  );
  const problems = installed.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const choices = available.flatMap(({ friendlyName, ...brings }) => rowsOf([friendlyName], whatBrings(brings)));
  const parts = [
    installed.length > 0 ? renderTable(['PLUGIN', 'VERSION', 'FROM', 'BRINGS'], rows) : 'No plugin is installed.',
    ...problems.map((problem) => `${ux.colorize('red', '✖')} ${printableLine(problem)}`),
    ...(choices.length > 0 ? [renderTable(['TO INSTALL', 'BRINGS'], choices)] : []),
    ...(choices.length > 0 ? [`To install one: ingestor plugins install ${available[0]!.friendlyName}`] : []),
  ];
  return parts.join('\n\n');
}

function whatBrings({ tasks, tables, commands }: Pick<AvailablePlugin, 'tasks' | 'tables' | 'commands'>): string[] {
  return [
    ...tasks,
    ...tables.map((table) => `the table format ${table}`),
    ...commands.map((command) => `the commands of ingestor ${command}`),
  ];
}

/** Returns a row for each of `last`; the other cells are in the first. */
function rowsOf(cells: readonly string[], last: readonly string[]): string[][] {
  const [first = 'nothing', ...more] = last;
  return [[...cells, first], ...more.map((text) => [...cells.map(() => ''), text])];
}

export function renderInstalled({ name, version, tasks, tables }: InstalledPlugin): string {
  const brings = [...tasks, ...(tables ?? []).map((table) => `the table format ${table}`)];
  return printableLine(`Installed ${name} ${version}: ${brings.join(', ') || 'no tasks'}`);
}

/** Returns the flags that run the scripts that were not run, or `undefined` when no package has any. */
export function renderScriptsNotRun({ scriptsNotRun }: InstalledPlugin): string | undefined {
  if (!scriptsNotRun) return undefined;
  const allow = scriptsNotRun.map((script) => `--allow-scripts ${printableLine(script)}`).join(' ');
  return `Install scripts were not run. If the plugin needs them, and you trust them, install it with ${allow}`;
}
