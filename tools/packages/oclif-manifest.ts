/**
 * Writes `oclif.manifest.json` into a package with commands, so that oclif need not load every command at each start. The build
 * runs it, and npm before it packs the package. The host ignores a manifest that is older than its compiled code.
 *
 * Usage: node tools/packages/oclif-manifest.ts   (in the package's folder)
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Plugin } from '@oclif/core';

const FILE = 'oclif.manifest.json';

const plugin = new Plugin({ root: process.cwd(), type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
// Renamed, so that no command that starts meanwhile reads half a file.
writeFileSync(`${FILE}.new`, `${JSON.stringify(plugin.manifest)}\n`);
renameSync(`${FILE}.new`, FILE);
