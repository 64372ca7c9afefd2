import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '../errors.js';

/** The record of oclif for a plugin that a user installed, or linked for development. */
export type UserPlugin =
  { name: string; type: 'link'; root: string } | { name: string; type: 'user'; tag?: string; url?: string };

interface Manifest {
  dependencies: Record<string, string>;
  oclif: { schema: number; plugins: UserPlugin[] };
}

/**
 * The package.json of oclif's data folder: npm keeps what is installed there in `dependencies`, and oclif loads what
 * `oclif.plugins` lists. oclif's own commands (`plugins uninstall`, `link`, `update`) work on the same file.
 */
export class UserPlugins {
  constructor(readonly folder: string) {}

  /** Creates the folder and the file if they are missing. Without them npm would install into a folder above. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await this.#write(await this.#read());
  }

  async list(): Promise<UserPlugin[]> {
    return (await this.#read()).oclif.plugins;
  }

  /** Returns for each package the argument with which npm installed it. */
  async dependencies(): Promise<Record<string, string>> {
    return (await this.#read()).dependencies;
  }

  async add(plugin: UserPlugin): Promise<void> {
    await this.#change((plugins) => [...plugins.filter(({ name }) => name !== plugin.name), plugin]);
  }

  async remove(name: string): Promise<void> {
    await this.#change((plugins) => plugins.filter((plugin) => plugin.name !== name));
  }

  /** Returns the folder of the plugin's package.json. */
  root(plugin: UserPlugin): string {
    return plugin.type === 'link' ? plugin.root : join(this.folder, 'node_modules', plugin.name);
  }

  async #change(change: (plugins: UserPlugin[]) => UserPlugin[]): Promise<void> {
    const manifest = await this.#read();
    await this.#write({ ...manifest, oclif: { ...manifest.oclif, plugins: change(manifest.oclif.plugins) } });
  }

  async #read(): Promise<Manifest> {
    const manifest = this.#parse(await readFile(this.#file, 'utf8').catch(whereReadable));
    return {
      ...manifest,
      dependencies: manifest.dependencies ?? {},
      oclif: { schema: 1, ...manifest.oclif, plugins: manifest.oclif?.plugins ?? [] },
    };
  }

  #parse(text: string): Partial<Manifest> {
    try {
      return JSON.parse(text) as Partial<Manifest>;
    } catch (cause) {
      throw errors.make('plugin-fault', {
        message: `The list of installed plugins, ${this.#file}, is not valid JSON.`,
        fix: `Remove ${this.folder} and install the plugins again.`,
        cause,
      });
    }
  }

  async #write(manifest: Manifest): Promise<void> {
    await writeFile(this.#file, `${JSON.stringify({ private: true, ...manifest }, null, 2)}\n`);
  }

  get #file(): string {
    return join(this.folder, 'package.json');
  }
}

/** Returns an empty list if the file does not exist, or if this user may not read it, as in another user's home. */
function whereReadable(error: NodeJS.ErrnoException): string {
  if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(error.code!)) return '{}';
  throw error;
}
