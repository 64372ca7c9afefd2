import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian packages, each with a file that exists when the package is installed. */
const PACKAGES: Readonly<Record<string, string>> = {
  buildah: '/usr/bin/buildah',
  podman: '/usr/bin/podman',
  runc: '/usr/sbin/runc',
  debootstrap: '/usr/sbin/debootstrap',
  'golang-github-containers-common': '/usr/share/containers/seccomp.json',
};

/** Installs the missing packages. Throws when that fails, or when the user is not root. */
export function installTools(): void {
  const missing = Object.entries(PACKAGES).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
  if (process.getuid?.() !== 0) throw new Error('npm run e2e:job needs root: it makes file systems and containers.');
  if (missing.length === 0) return;
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...missing);
}

function apt(command: string, ...args: string[]): void {
  const { status } = spawnSync('apt-get', ['--quiet=2', command, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`apt-get ${command} failed.`);
}
