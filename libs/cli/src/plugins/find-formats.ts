import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TASKS_HOOK } from '@tracebloc/ingestor-contract';

export interface FormatPackage {
  name: string;
  root: string;
}

const NAME = /^ingestor-plugin-/;

/**
 * Finds the plugins installed beside the host: packages named `ingestor-plugin-*`, with any scope or none, in the
 * `node_modules` folders from the host's upward, whose package.json names the tasks hook or commands. The nearest wins.
 * Nothing else happens while a command starts, so the folders are read synchronously: this takes a quarter of the time.
 */
export function findFormats(hostRoot: string): FormatPackage[] {
  const found = new Map<string, FormatPackage>();
  for (const folder of moduleFolders(hostRoot)) {
    for (const root of candidates(folder)) {
      const name = formatName(root);
      if (name !== undefined && !found.has(name)) found.set(name, { name, root });
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function moduleFolders(start: string): string[] {
  const folders: string[] = [];
  for (let folder = start, previous = ''; folder !== previous; previous = folder, folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules'));
  }
  return folders;
}

function candidates(folder: string): string[] {
  const names = entries(folder);
  const plain = names.filter((name) => NAME.test(name)).map((name) => join(folder, name));
  const scoped = names
    .filter((name) => name.startsWith('@'))
    .flatMap((scope) => {
      const members = entries(join(folder, scope));
      return members.filter((name) => NAME.test(name)).map((name) => join(folder, scope, name));
    });
  return [...plain, ...scoped];
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Returns the package's name, or undefined when the folder holds no plugin. */
function formatName(root: string): string | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PluginManifest & {
      name?: string;
    };
    return isPluginManifest(manifest) ? manifest.name : undefined;
  } catch {
    return undefined;
  }
}

/** The part of a package.json that makes a package a plugin. */
export interface PluginManifest {
  oclif?: { hooks?: Record<string, unknown>; commands?: unknown };
}

/** Tells from its package.json alone, without running its code, whether a package brings tasks or commands. */
export function isPluginManifest({ oclif }: PluginManifest): boolean {
  return oclif?.hooks?.[TASKS_HOOK] !== undefined || oclif?.commands !== undefined;
}
