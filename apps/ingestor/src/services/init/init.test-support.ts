import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InstalledTask, loadTasks, resolve } from '@tracebloc/ingestor-cli';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { validate, type ValidationResult } from '@tracebloc/ingestor-pipeline';
import { loadHost } from '../../plugins/host.js';
import { askerFor } from './ask.js';
import { initCommand, type InitCommand, type InitResult } from './init.js';

const HOST = fileURLToPath(new URL('../../..', import.meta.url));

/** Folders of data, which `init` describes as a process without a terminal does. */
export class DataFolders {
  #count = 0;

  private constructor(
    private readonly root: string,
    private readonly installed: readonly InstalledTask[],
  ) {}

  static async make(): Promise<DataFolders> {
    return new DataFolders(await mkdtemp(join(tmpdir(), 'ingestor-init-')), await loadTasks(await loadHost(HOST)));
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true });
  }

  /** Writes files into a new folder, and returns its path. */
  async write(files: Record<string, string | Uint8Array>): Promise<string> {
    const folder = join(this.root, `data${this.#count++}`);
    await mkdir(folder);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  init(path: string, answers: InitCommand['answers'] = {}, more: Partial<InitCommand> = {}): Promise<InitResult> {
    const flags = { dryRun: false, force: true, ask: askerFor(true), ...more };
    return initCommand({ installed: this.installed, path, answers, onTask: () => {}, ...flags });
  }

  /** Describes a folder and reads the description. */
  async describe(
    folder: string,
    answers: InitCommand['answers'] = {},
  ): Promise<{ yaml: string; run: RunConfig; validation: ValidationResult }> {
    const result = await this.init(folder, answers);
    if (result.outcome !== 'written') throw new Error(`nothing was written for ${(await readdir(folder)).join()}`);
    const tasks = this.installed.map(({ task }) => task);
    const { config: run } = await resolve({ tasks, purpose: 'validate', flags: { config: result.file }, env: {} });
    return { yaml: result.yaml, run, validation: await validate(run) };
  }
}
