import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { IngestorError } from '@tracebloc/ingestor-core';
import { npmFailure, type ProcessFailure } from './npm-failure.js';
import { makeError } from '../../errors.js';

const run = promisify(execFile);

/** The most bytes that npm may print before it is ended. The report of an error has some thousands. */
const OUTPUT_BYTES = 4 * 1024 * 1024;

export interface NpmCall {
  /** The folder whose package.json npm works on. */
  folder: string;
  /** Default: the registry in the configuration of npm. */
  registry?: string;
  /** Runs the scripts of the packages that npm works on. Default: false. */
  withScripts?: boolean;
}

/** Runs npm silently, and without the scripts of packages unless `withScripts` is set. Throws an `IngestorError` when npm fails. */
export async function npm(args: readonly string[], { folder, registry, withScripts = false }: NpmCall): Promise<void> {
  const options = [
    '--prefix',
    folder,
    '--omit=dev',
    `--ignore-scripts=${!withScripts}`,
    // npm would prepare a cloned repository with the settings in that repository.
    '--allow-git=none',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--json',
  ];
  if (registry !== undefined) options.push(`--registry=${registry}`);
  try {
    await run(process.execPath, [npmCli(), ...args, ...options], { cwd: folder, maxBuffer: OUTPUT_BYTES });
  } catch (error) {
    if (error instanceof IngestorError) throw error;
    throw npmFailure(args.join(' '), error as ProcessFailure, folder);
  }
}

/** Returns the path of the npm that comes with oclif's plugin commands, which an image without npm has too. */
function npmCli(): string {
  try {
    const plugins = createRequire(import.meta.url).resolve('@oclif/plugin-plugins');
    return join(dirname(createRequire(plugins).resolve('npm/package.json')), 'bin', 'npm-cli.js');
  } catch (cause) {
    throw makeError('npm-missing', {
      message: 'The package npm, with which plugins are installed, is missing from this installation of the ingestor.',
      fix: 'Install the plugin beside the ingestor instead, when the image is built: npm install <package>',
      cause,
    });
  }
}
