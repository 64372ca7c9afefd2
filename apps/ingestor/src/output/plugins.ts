import { printableLine } from '@tracebloc/ingestor-core';
import type { InstalledPlugin } from '../services/plugins/install.js';

export function renderInstalled({ name, version, tasks }: InstalledPlugin): string {
  return printableLine(`Installed ${name} ${version}: ${tasks.join(', ') || 'no tasks'}`);
}

/** Returns the flags that run the scripts that were not run, or `undefined` when no package has any. */
export function renderScriptsNotRun({ scriptsNotRun }: InstalledPlugin): string | undefined {
  if (!scriptsNotRun) return undefined;
  const allow = scriptsNotRun.map((script) => `--allow-scripts ${printableLine(script)}`).join(' ');
  return `Install scripts were not run. If the plugin needs them, and you trust them, install it with ${allow}`;
}
