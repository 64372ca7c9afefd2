import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { FORMAT_PREFIX } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';

/** The place from which a plugin is installed. */
export interface PluginSource {
  /** The argument of `npm install`. */
  request: string;
  /** The record of oclif, which `plugins update` and `plugins uninstall` read. */
  record: { name: string; tag: string } | { url: string };
}

/** A version, a range or a tag of the registry. npm also accepts addresses and folders, which must not match. */
const TAG = '(?!.*\\.(?:tgz|tar|tar\\.gz)$)[\\w*^~<>=][\\w.+*^~<>=|-]*';
const PACKAGE = new RegExp(`^(?<name>@[\\w.-]+/[\\w.-]+|[\\w.-]+)(?:@(?<tag>${TAG}))?$`, 'i');
const ADDRESS = /^https?:.*\.(tgz|tar\.gz)$/;
const PATH = /^(file:|[./]|.*\.(tgz|tar\.gz)$)/;

/**
 * Reads what a user asks to install: a friendly name (`text`), a package (`@scope/name`, `ingestor-plugin-x`), either
 * with a version or tag (`text@1.2`), a tarball's path (relative to `cwd`) or its address. A friendly name only ever
 * means the package of this project, since a stranger may have published a package under the bare name.
 */
export async function pluginSource(wanted: string, cwd: string): Promise<PluginSource> {
  if (ADDRESS.test(wanted)) return { request: wanted, record: { url: wanted } };
  if (PATH.test(wanted)) return tarball(pathOf(wanted, cwd));
  const { name, tag = 'latest' } = PACKAGE.exec(wanted)?.groups ?? {};
  if (name === undefined) throw notInstallable(`${wanted} is neither the name of a package nor a tarball.`);
  const full = /^@|^ingestor-plugin-/.test(name) ? name : FORMAT_PREFIX + name;
  return { request: `${full}@${tag}`, record: { name: full, tag } };
}

function pathOf(wanted: string, cwd: string): string {
  return wanted.startsWith('file://') ? fileURLToPath(wanted) : resolve(cwd, wanted.replace(/^file:/, ''));
}

async function tarball(path: string): Promise<PluginSource> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw notInstallable(`There is no file ${path}.`);
  if (found.isDirectory())
    throw notInstallable(`${path} is a folder.`, `To use it from there: ingestor plugins link ${path}`);
  if (!found.isFile()) throw notInstallable(`${path} is not a regular file.`);
  return { request: `file:${path}`, record: { url: `file:${path}` } };
}

function notInstallable(message: string, fix?: string): IngestorError {
  return makeError('plugin-not-installable', {
    message,
    fix:
      fix ?? 'Name a format (text), a package (@scope/ingestor-plugin-x) or a tarball (./ingestor-plugin-x-1.0.0.tgz).',
  });
}
