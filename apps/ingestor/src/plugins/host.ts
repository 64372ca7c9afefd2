import { Config, Plugin } from '@oclif/core';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFormats } from '@tracebloc/ingestor-cli';

/** The configuration of oclif without its warnings about plugins that it could not load: `loadTasks` reports those. */
class HostConfig extends Config {
  protected override warned = true;
}

/**
 * Loads the oclif host from its root folder or a file URL inside it, with the plugins that users installed or linked
 * (`ingestor plugins`), which win, and the format plugins that are installed beside the host. A plugin that cannot be
 * loaded is left out, so that commands that need no task, such as `plugins uninstall`, still run.
 */
export async function loadHost(rootOrUrl: string): Promise<Config> {
  const root = rootOrUrl.startsWith('file:') ? fileURLToPath(rootOrUrl) : rootOrUrl;
  const config = new HostConfig({ root, ignoreManifest: await isManifestStale(root) });
  await config.load();
  for (const { name, root: pluginRoot } of findFormats(config.root)) {
    if (config.plugins.has(name)) continue;
    const plugin = new Plugin({ name, root: pluginRoot, type: 'core' });
    const loaded = await plugin.load().then(
      () => true,
      () => false,
    );
    if (loaded) config.plugins.set(name, plugin);
  }
  // oclif lists a plugin as not installed if npm and not `ingestor plugins` has installed it.
  const { jitPlugins = {} } = config.pjson.oclif;
  for (const name of Object.keys(jitPlugins)) if (config.plugins.has(name)) Reflect.deleteProperty(jitPlugins, name);
  return config;
}

/**
 * Returns whether the commands were compiled after `oclif.manifest.json` was made from them. That only happens in the
 * workspace: a published package has no build information.
 */
async function isManifestStale(path: string): Promise<boolean> {
  const root = /\.[jt]s$/.test(path) ? join(path, '..', '..') : path;
  const [compiled, made] = await Promise.all(
    ['dist/tsconfig.tsbuildinfo', 'oclif.manifest.json'].map((file) =>
      stat(join(root, file)).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      ),
    ),
  );
  return compiled !== undefined && made !== undefined && made < compiled;
}
