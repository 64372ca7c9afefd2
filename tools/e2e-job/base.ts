import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Containers } from './containers.ts';

/** The image that deploy/Dockerfile starts from. */
export const BASE = 'docker.io/library/node:24-bookworm-slim';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const MEMORY = '/dev/shm';

/**
 * Makes a replacement of the official image, which a machine without a container registry cannot pull: Debian with the Node
 * and npm that this workspace has installed from the npm registry.
 */
export async function buildBase(containers: Containers): Promise<void> {
  const root = mkdtempSync(join(roomInMemory() ? MEMORY : containers.folder, 'ingestor-base-'));
  try {
    debootstrap(root);
    addNode(root);
    for (const rest of ['var/cache/apt/archives', 'var/lib/apt/lists']) {
      rmSync(join(root, rest), { recursive: true });
      mkdirSync(join(root, rest));
    }
    chmodSync(root, 0o755);
    // Podman starts the container that holds a pod together from this image, with this command.
    await containers.import(root, BASE, ['sleep', 'infinity']);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Returns whether memory has room for the file system. dpkg waits for a disk after each package, which takes three times as long. */
function roomInMemory(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > 2 ** 30;
}

function debootstrap(root: string): void {
  const run = (program: string, args: readonly string[]) =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const sources = run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(CODENAME)', 'Created-By: Packages']);
  const mirror = sources
    .split('\n')
    .find((line) => line.endsWith(' bookworm'))
    ?.split(' ')[0];
  run('debootstrap', ['--variant=minbase', 'bookworm', root, mirror ?? 'http://deb.debian.org/debian']);
}

function addNode(root: string): void {
  const local = join(root, 'usr/local');
  cpSync(join(MODULES, 'node/bin/node'), join(local, 'bin/node'));
  cpSync(join(MODULES, 'npm'), join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  }
}
