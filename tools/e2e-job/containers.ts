import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Left by Podman whatever folders it is given. */
const LOCKS = '/dev/shm/libpod_lock';

/** Buildah and Podman, with all that they keep in a folder. */
export class Containers {
  constructor(folder) {
    this.folder = folder;
    this.hadLocks = existsSync(LOCKS);
    const path = (name) => join(folder, name);
    const settings = {
      // With vfs each container is a copy of its image: right everywhere, and slow.
      'storage.conf': `[storage]
driver = "${canOverlay(path('probe')) ? 'overlay' : 'vfs'}"
graphroot = "${path('storage')}"
runroot = "${path('run')}"
`,
      // No systemd, no catatonit for the pause container, and limits that a machine with low ones can grant.
      'containers.conf': `[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
infra_image = "docker.io/library/node:24-bookworm-slim"
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=10000:10000"]
`,
    };
    for (const [name, text] of Object.entries(settings)) writeFileSync(path(name), text);
    this.env = {
      ...process.env,
      CONTAINERS_STORAGE_CONF: path('storage.conf'),
      CONTAINERS_CONF: path('containers.conf'),
      TMPDIR: folder,
    };
  }

  /** Runs it and returns its output. Throws with its errors where it fails. */
  buildah(...args) {
    return this.run('buildah', args);
  }

  podman(...args) {
    return this.run('podman', this.podmanArgs(args));
  }

  /** What a container wrote to stdout and stderr, in its order. */
  logs(container) {
    return this.run('sh', ['-c', 'exec podman "$@" 2>&1', 'podman', ...this.podmanArgs(['logs', container])]);
  }

  /** Does not block, since the backend that a pod calls answers in this process. */
  async run(program, args, options = {}) {
    const ended = execute(program, args, { env: this.env, maxBuffer: 2 ** 26, ...options });
    const { stdout } = await ended.catch(({ code, stdout: output, stderr }) => {
      const end = `${output}${stderr}`.trim().split('\n').slice(-40).join('\n');
      throw new Error(`${program} ended with ${code}:\n${end}`);
    });
    return stdout.trim();
  }

  /** Imports a folder as an image with a default command. */
  async import(root, tag, command) {
    const change = `CMD ${JSON.stringify(command)}`;
    const tar = spawn('tar', ['--create', '--directory', root, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const podman = spawn('podman', this.podmanArgs(['import', '--quiet', '--change', change, '-', tag]), {
      env: this.env,
      stdio: [tar.stdout, 'ignore', 'inherit'],
    });
    const status = await new Promise((resolve) => podman.once('close', resolve));
    if (status !== 0) throw new Error(`podman import of ${root} failed.`);
  }

  /** Ends what runs and unmounts what is mounted, so that the folder can be removed. */
  async remove() {
    try {
      await this.podman('pod', 'rm', '--all', '--force', '--time=0');
      await this.podman('rm', '--all', '--force');
      await this.buildah('rm', '--all');
    } finally {
      for (const name of ['storage', 'run']) unmountBelow(join(this.folder, name));
      if (!this.hadLocks) rmSync(LOCKS, { force: true });
    }
  }

  podmanArgs(args) {
    return ['--tmpdir', join(this.folder, 'run/libpod'), ...args];
  }
}

/** Whether the kernel lets this user mount an overlay on that file system. */
function canOverlay(folder) {
  const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map((name) => join(folder, name));
  for (const path of [lower, upper, work, merged]) mkdirSync(path, { recursive: true });
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  const { status } = spawnSync('mount', ['-t', 'overlay', 'overlay', '-o', options, merged], { stdio: 'ignore' });
  if (status === 0) spawnSync('umount', [merged], { stdio: 'ignore' });
  rmSync(folder, { recursive: true });
  return status === 0;
}

/** What Podman and Buildah leave mounted would keep the folder from being removed. */
function unmountBelow(folder) {
  const { stdout } = spawnSync('findmnt', ['--noheadings', '--list', '--output', 'TARGET'], { encoding: 'utf8' });
  const mounted = stdout.split('\n').map((line) => line.trim());
  for (const target of mounted.filter((path) => path.startsWith(folder)).reverse())
    spawnSync('umount', ['--lazy', target]);
}
