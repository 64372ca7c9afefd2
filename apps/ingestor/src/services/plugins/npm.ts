import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { IngestorError } from '@tracebloc/ingestor-core';
import { npmFailure } from './errors.js';
import { makeError } from '../../errors.js';

const run = promisify(execFile);

/** How much npm may print, in bytes; more ends it. An error's report has some thousands. */
const OUTPUT_BYTES = 4 * 1024 * 1024;

export interface NpmCall {
  /** The folder whose package.json it works on. */
  folder: string;
  /** Where it is not npm's own. */
  registry?: string;
  /** Run the scripts of the packages that it works on. */
  withScripts?: boolean;
}

/** Runs npm without a word, and without the scripts of packages unless they are asked for. Throws an `IngestorError` that says what went wrong and what to do. */
export async function npm(args: readonly string[], { folder, registry, withScripts = false }: NpmCall): Promise<void> {
  const options = [
    '--prefix',
    folder,
    '--omit=dev',
    `--ignore-scripts=${!withScripts}`,
    // npm prepares what it clones, with the settings that lie in it.
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
    throw npmFailure(args.join(' '), error as Error & { stdout?: string; stderr?: string }, folder);
  }
}

/** The npm that comes with oclif's plugin commands, which is there where no other is. */
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
