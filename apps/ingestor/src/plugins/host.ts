import { Config, Plugin } from '@oclif/core';
import { fileURLToPath } from 'node:url';
import { findFormats } from './find-formats.js';

/**
 * Loads the oclif host from its root folder or a file URL inside it, with the format plugins that are installed beside
 * it. Plugins that users installed with `ingestor plugins install` are loaded by oclif itself.
 */
export async function loadHost(rootOrUrl: string): Promise<Config> {
  const root = rootOrUrl.startsWith('file:') ? fileURLToPath(rootOrUrl) : rootOrUrl;
  const config = await Config.load(root);
  for (const { name, root: pluginRoot } of await findFormats(config.root)) {
    if (config.plugins.has(name)) continue;
    const plugin = new Plugin({ name, root: pluginRoot, type: 'core' });
    await plugin.load();
    config.plugins.set(name, plugin);
  }
  return config;
}
