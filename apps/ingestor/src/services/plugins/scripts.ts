import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeError } from '../../errors.js';

/**
 * Keeps each npm that is started from here, by whichever command, from running the scripts of packages, and from fetching
 * git repositories, which it prepares with the settings that lie in them: settings of the environment, which win over those
 * of files. `plugins install --allow-scripts` runs the scripts that it names.
 */
export function forbidInstallScripts(): void {
  for (const name of Object.keys(process.env)) {
    if (/^npm_config_(ignore[-_]scripts|allow[-_]git)$/i.test(name)) Reflect.deleteProperty(process.env, name);
  }
  process.env.npm_config_ignore_scripts = 'true';
  process.env.npm_config_allow_git = 'none';
}

/** The names of the packages below the folder that have scripts to be run when they are installed. */
export async function packagesWithScripts(folder: string): Promise<string[]> {
  const packages = Object.entries(await installedPackages(folder));
  return [...new Set(packages.flatMap(([name, hasScripts]) => (hasScripts ? [name] : [])))].sort();
}

/** Throws where one of the names is of no package below the folder. */
export async function checkInstalled(folder: string, names: readonly string[]): Promise<void> {
  const installed = await installedPackages(folder);
  const unknown = names.filter((name) => !Object.hasOwn(installed, name));
  if (unknown.length === 0) return;
  const withScripts = await packagesWithScripts(folder);
  throw makeError('wrong-usage', {
    message: `--allow-scripts: no package ${unknown.join(', ')} is among those that are installed.`,
    fix:
      withScripts.length > 0
        ? `These have scripts: ${withScripts.join(', ')}.`
        : 'None of them has scripts: leave out --allow-scripts.',
  });
}

/** Whether there are scripts of a package, by its name, as npm notes them of what it has installed. */
async function installedPackages(folder: string): Promise<Record<string, boolean>> {
  const file = await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(file) as { packages: Record<string, { hasInstallScript?: boolean }> };
  const names: Record<string, boolean> = {};
  for (const [path, { hasInstallScript = false }] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    names[name] = hasInstallScript || names[name] === true;
  }
  return names;
}
