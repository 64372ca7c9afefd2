import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** package -> the file that tells that it is there. */
const PACKAGES = {
  buildah: '/usr/bin/buildah',
  podman: '/usr/bin/podman',
  runc: '/usr/sbin/runc',
  debootstrap: '/usr/sbin/debootstrap',
  'golang-github-containers-common': '/usr/share/containers/seccomp.json',
};

/** Installs what is missing. Throws where that takes another user, or fails. */
export function installTools() {
  const missing = Object.keys(PACKAGES).filter((name) => !existsSync(PACKAGES[name]));
  if (process.getuid() !== 0) throw new Error('npm run e2e:job needs root: it makes file systems and containers.');
  if (missing.length === 0) return;
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...missing);
}

function apt(...args) {
  const { status } = spawnSync('apt-get', ['--quiet=2', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`apt-get ${args[0]} failed.`);
}
