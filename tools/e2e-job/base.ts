import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What deploy/Dockerfile begins with. */
export const BASE = 'docker.io/library/node:24-bookworm-slim';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const MEMORY = '/dev/shm';

/**
 * Makes a stand-in for the official image, which no registry within reach has: Debian, with the Node and npm that this
 * workspace has installed from the npm registry.
 */
export async function buildBase(containers) {
  const root = mkdtempSync(join(roomInMemory() ? MEMORY : containers.folder, 'ingestor-base-'));
  try {
    debootstrap(root);
    addNode(root);
    for (const rest of ['var/cache/apt/archives', 'var/lib/apt/lists']) {
      rmSync(join(root, rest), { recursive: true });
      mkdirSync(join(root, rest));
    }
    chmodSync(root, 0o755);
    // The command is for the container that holds a pod together, which Podman starts from this image.
    await containers.import(root, BASE, ['sleep', 'infinity']);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** dpkg waits for the disk after each package; memory is three times as fast. */
function roomInMemory() {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > 2 ** 30;
}

function debootstrap(root) {
  const run = (program, args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const sources = run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(CODENAME)', 'Created-By: Packages']);
  const mirror = sources
    .split('\n')
    .find((line) => line.endsWith(' bookworm'))
    ?.split(' ')[0];
  run('debootstrap', ['--variant=minbase', 'bookworm', root, mirror ?? 'http://deb.debian.org/debian']);
}

function addNode(root) {
  const local = join(root, 'usr/local');
  cpSync(join(MODULES, 'node/bin/node'), join(local, 'bin/node'));
  cpSync(join(MODULES, 'npm'), join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  }
}
