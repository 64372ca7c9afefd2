import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ORIGINAL = fileURLToPath(new URL('../../../../', import.meta.url));
const SCOPE = '@tracebloc';
/** Folders that a copy does not need, or contains as links. */
const LEFT_OUT = new Set(['node_modules', '.git', '.nx', '.demo', '.bench']);

/** A compiled copy of this workspace in a temporary folder, with the installed packages as links. */
export class Workspace {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'ingestor-workspace-')));

  constructor() {
    cpSync(ORIGINAL, this.root, {
      recursive: true,
      // Files keep their times, so that the compiler builds only what is new.
      preserveTimestamps: true,
      filter: (path) => !LEFT_OUT.has(basename(path)),
    });
    for (const owner of ['', ...foldersIn('apps'), ...foldersIn('libs'), ...foldersIn('plugins'), 'tools/generators']) {
      const modules = join(owner, 'node_modules');
      if (existsSync(join(ORIGINAL, modules))) this.#linkAll(modules);
    }
  }

  /** Links to each installed package. The links to this workspace's own packages are copied, so that they lead into the copy. */
  #linkAll(modules: string): void {
    mkdirSync(join(this.root, modules));
    for (const name of readdirSync(join(ORIGINAL, modules))) {
      const original = join(ORIGINAL, modules, name);
      if (name === SCOPE) cpSync(original, join(this.root, modules, name), { recursive: true, verbatimSymlinks: true });
      else symlinkSync(original, join(this.root, modules, name));
    }
  }

  /** Links a new plugin, as `npm install` would. */
  link(format: string): void {
    symlinkSync(`../../plugins/${format}`, join(this.root, 'node_modules', SCOPE, `ingestor-plugin-${format}`));
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  /** Runs a Node program of the copy and returns what it printed; throws it when the program fails. */
  run(program: string, args: readonly string[] = [], { cwd = '', env = {} } = {}): string {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...nodeFlags(program), join(this.root, program), ...args],
      {
        cwd: join(this.root, cwd),
        env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: this.root, NX_DAEMON: 'false', ...env },
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} exits with ${status}:\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

function foldersIn(parent: string): string[] {
  return readdirSync(join(ORIGINAL, parent)).map((name) => join(parent, name));
}

function nodeFlags(program: string): string[] {
  return program.includes('/jest/') ? ['--experimental-vm-modules'] : [];
}
