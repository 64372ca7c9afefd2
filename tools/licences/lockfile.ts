import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package as npm's lockfile describes it. */
export interface LockedPackage {
  name?: string;
  version?: string;
  license?: string;
  /** True when only development needs it. */
  dev?: boolean;
  optional?: boolean;
  /** True when the entry only links to a package of this workspace. */
  link?: boolean;
  /** For a link, the path of the package. */
  resolved?: string;
  engines?: { node?: string };
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** The packages of a lockfile by their paths. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

export function readLockfile(folder: string): LockedPackages {
  return (readJson(join(folder, 'package-lock.json')) as { packages: LockedPackages }).packages;
}

/** Returns the packages of others that users get: those that are not needed for development alone. */
export function shippedPackages(packages: LockedPackages): [path: string, LockedPackage][] {
  return Object.entries(packages).filter(([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
