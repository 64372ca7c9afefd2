import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@oclif/core';
import { UserPlugins } from '@tracebloc/ingestor-cli';
import { loadHost } from '../../plugins/host.js';

/** The answer of a plugin to the hook for tasks. */
export const ANSWERS = {
  good: (...ids: string[]) => JSON.stringify({ contract: 1, format: 'good', tasks: ids.map((id) => ({ id })) }),
  newer: '{ contract: 99, format: "newer", tasks: [] }',
  broken: '(() => { throw new Error("no luck") })()',
};

/** A user without any registry, who runs a host that has no plugins, in this process. */
export class UserHost {
  private constructor(
    readonly folder: string,
    readonly config: Config,
    private readonly dataHome: string | undefined,
  ) {}

  static async create(): Promise<UserHost> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'user-host-')));
    const dataHome = process.env.XDG_DATA_HOME;
    process.env.XDG_DATA_HOME = join(folder, 'data');
    await mkdir(join(folder, 'host'));
    const manifest = { name: 'host', version: '1.0.0', oclif: { bin: 'ingestor', dirname: 'ingestor' } };
    await writeFile(join(folder, 'host/package.json'), JSON.stringify(manifest));
    return new UserHost(folder, await loadHost(join(folder, 'host')), dataHome);
  }

  async remove(): Promise<void> {
    if (this.dataHome === undefined) delete process.env.XDG_DATA_HOME;
    else process.env.XDG_DATA_HOME = this.dataHome;
    await rm(this.folder, { recursive: true });
  }

  /** Removes all plugins. Nothing listens at the address that npm has as its registry from then on. */
  async reset(): Promise<void> {
    const { dataDir } = this.config;
    await rm(dataDir, { recursive: true, force: true });
    await mkdir(dataDir, { recursive: true });
    const settings = ['registry=http://127.0.0.1:1/', 'fetch-retries=0', 'update-notifier=false', ''];
    await writeFile(join(dataDir, '.npmrc'), settings.join('\n'));
  }

  get plugins(): UserPlugins {
    return new UserPlugins(this.config.dataDir);
  }

  /** Writes a plugin beside the host, as npm installs it there. */
  placeBesideHost(name: string, answer: string): void {
    this.#write(join(this.config.root, 'node_modules', name), name, answer, {});
  }

  /**
   * Packs a plugin that answers the hook with the expression, and returns the path of the tarball. `more` goes into its
   * package.json. Another plugin needs another name or version.
   */
  packPlugin(name: string, answer: string, more: { version?: string } = {}): string {
    const folder = join(this.folder, name);
    this.#write(folder, name, answer, more);
    return this.pack(folder);
  }

  #write(folder: string, name: string, answer: string, more: { version?: string }): void {
    const { version = '9.9.9' } = more;
    // Node loads a file once in a process, so that another version needs another file.
    const hook = `./hook-${version}.js`;
    const manifest = { name, version, type: 'module', oclif: { hooks: { 'ingestor:tasks': hook } }, ...more };
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, hook), `export default async () => (${answer});`);
  }

  /** Packs the folder as npm does, and returns the path of the tarball. */
  pack(folder: string): string {
    const tarball = `${folder}.tgz`;
    execFileSync('tar', ['--transform', 's,^\\.,package,', '-C', folder, '-czf', tarball, '.']);
    return tarball;
  }
}
