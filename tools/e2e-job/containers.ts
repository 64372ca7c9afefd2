import { execFile, spawn, spawnSync, type ExecFileException, type ExecFileOptions } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A file that Podman leaves in this place with any configured folders. */
const LOCKS = '/dev/shm/libpod_lock';

/** Runs Buildah and Podman, which keep all their files in one folder. */
export class Containers {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #hadLocks = existsSync(LOCKS);

  constructor(folder: string) {
    this.folder = folder;
    const path = (name: string) => join(folder, name);
    const settings = {
      // vfs copies the image for each container: that works everywhere, but is slow.
      'storage.conf': `[storage]
driver = "${canOverlay(path('probe')) ? 'overlay' : 'vfs'}"
graphroot = "${path('storage')}"
runroot = "${path('run')}"
`,
      // Works without systemd and catatonit, and with limits that a machine with low limits can grant.
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

  /** Runs Buildah and returns its output. Throws an error with its output when it fails. */
  buildah(...args: string[]): Promise<string> {
    return this.run('buildah', args);
  }

  podman(...args: string[]): Promise<string> {
    return this.run('podman', this.#podmanArgs(args));
  }

  /** Returns what a container wrote to stdout and stderr, in the order of writing. */
  logs(container: string): Promise<string> {
    return this.run('sh', ['-c', 'exec podman "$@" 2>&1', 'podman', ...this.#podmanArgs(['logs', container])]);
  }

  /** Does not block this process, because the backend that a pod calls answers in it. */
  async run(program: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
    const ended = execute(program, args, { env: this.env, maxBuffer: 2 ** 26, ...options, encoding: 'utf8' });
    const { stdout } = await ended.catch((thrown: unknown) => {
      const error = thrown as ExecFileException;
      const end = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().split('\n').slice(-40).join('\n');
      throw new Error(`${program} ended with ${error.code ?? error.message}:\n${end}`);
    });
    return stdout.trim();
  }

  /** Imports a folder as an image with a default command. */
  async import(root: string, tag: string, command: readonly string[]): Promise<void> {
    const change = `CMD ${JSON.stringify(command)}`;
    const tar = spawn('tar', ['--create', '--directory', root, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const podman = spawn('podman', this.#podmanArgs(['import', '--quiet', '--change', change, '-', tag]), {
      env: this.env,
      stdio: [tar.stdout, 'ignore', 'inherit'],
    });
    const [status] = (await once(podman, 'close')) as [number | null];
    if (status !== 0) throw new Error(`podman import of ${root} failed.`);
  }

  /** Stops all containers and unmounts their file systems, so that the folder can be removed. */
  async remove(): Promise<void> {
    try {
      await this.podman('pod', 'rm', '--all', '--force', '--time=0');
      await this.podman('rm', '--all', '--force');
      await this.buildah('rm', '--all');
    } finally {
      for (const name of ['storage', 'run']) unmountBelow(join(this.folder, name));
      if (!this.#hadLocks) rmSync(LOCKS, { force: true });
    }
  }

  #podmanArgs(args: readonly string[]): string[] {
    return ['--tmpdir', join(this.folder, 'run/libpod'), ...args];
  }
}

/** Returns whether the kernel lets this user mount an overlay on the folder's file system. */
function canOverlay(folder: string): boolean {
  const path = (name: string) => join(folder, name);
  const [lower, upper, work, merged] = [path('lower'), path('upper'), path('work'), path('merged')] as const;
  for (const path of [lower, upper, work, merged]) mkdirSync(path, { recursive: true });
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  const { status } = spawnSync('mount', ['-t', 'overlay', 'overlay', '-o', options, merged], { stdio: 'ignore' });
  if (status === 0) spawnSync('umount', [merged], { stdio: 'ignore' });
  rmSync(folder, { recursive: true });
  return status === 0;
}

/** Unmounts what Podman and Buildah left mounted, which would keep the folder from being removed. */
function unmountBelow(folder: string): void {
  const { stdout } = spawnSync('findmnt', ['--noheadings', '--list', '--output', 'TARGET'], { encoding: 'utf8' });
  const mounted = stdout.split('\n').map((line) => line.trim());
  for (const target of mounted.filter((path) => path.startsWith(folder)).reverse())
    spawnSync('umount', ['--lazy', target]);
}
