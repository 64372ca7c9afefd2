// Writes oclif.manifest.json of the host, so that starting it loads one command and not all of them. It is made by
// `npm run build` and when the package is packed. The host ignores one that is older than its compiled code.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Plugin, settings } from '@oclif/core';

const root = fileURLToPath(new URL('../../apps/ingestor/', import.meta.url));
settings.enableAutoTranspile = false;
const plugin = new Plugin({ root, isRoot: true, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
await writeFile(join(root, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`);
