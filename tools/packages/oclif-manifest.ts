/**
 * Writes `oclif.manifest.json` into a package with commands, so that oclif need not load every command at each start. Run by
 * npm before it packs the package; npm runs it with --clean afterwards, because an outdated manifest hides new commands.
 *
 * Usage: node tools/packages/oclif-manifest.ts [--clean]   (in the package's folder)
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { Plugin } from '@oclif/core';

const FILE = 'oclif.manifest.json';

if (process.argv.includes('--clean')) {
  rmSync(FILE, { force: true });
} else {
  const plugin = new Plugin({ root: process.cwd(), type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  // Renamed, so that no command that starts meanwhile reads half a file.
  writeFileSync(`${FILE}.new`, `${JSON.stringify(plugin.manifest)}\n`);
  renameSync(`${FILE}.new`, FILE);
}
