import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeError } from '../../errors.js';

/**
 * Sets the environment so that each npm that any command starts neither runs the scripts of packages nor fetches git
 * repositories, which npm would prepare with the settings in them. The environment wins over the files of settings.
 * `plugins install --allow-scripts` runs the scripts that it names.
 */
export function forbidInstallScripts(): void {
  for (const name of Object.keys(process.env)) {
    if (/^npm_config_(ignore[-_]scripts|allow[-_]git)$/i.test(name)) Reflect.deleteProperty(process.env, name);
  }
  process.env.npm_config_ignore_scripts = 'true';
  process.env.npm_config_allow_git = 'none';
}

/** Returns the names of the packages below the folder that have install scripts, sorted. */
export async function packagesWithScripts(folder: string): Promise<string[]> {
  const packages = Object.entries(await installedPackages(folder));
  return [...new Set(packages.flatMap(([name, hasScripts]) => (hasScripts ? [name] : [])))].sort();
}

/** Throws if one of the names is not that of a package below the folder. */
export async function checkInstalled(folder: string, names: readonly string[]): Promise<void> {
  const installed = await installedPackages(folder);
  const unknown = names.filter((name) => !Object.hasOwn(installed, name));
  if (unknown.length === 0) return;
  const withScripts = await packagesWithScripts(folder);
  throw makeError('wrong-usage', {
    message: `--allow-scripts: the package ${unknown.join(', ')} is not installed.`,
    fix:
      withScripts.length > 0
        ? `These have scripts: ${withScripts.join(', ')}.`
        : 'None of them has scripts: leave out --allow-scripts.',
  });
}

/** Returns for each installed package, by its name, whether npm has recorded install scripts. */
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
