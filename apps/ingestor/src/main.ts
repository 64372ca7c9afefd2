import { ExitCode, IngestorError, printable, printableLine, withoutSecrets } from '@tracebloc/ingestor-core';
import { handle, run, settings, type Config } from '@oclif/core';
import {
  errorJson,
  guardStreams,
  hasActed,
  leaveOnSignals,
  offerMissingPlugins,
  outputFailure,
  renderError,
  takeSecrets,
} from '@tracebloc/ingestor-cli';
import { withTasks } from './services/plugins/offer.js';
import { loadHost } from './plugins/host.js';
import { wantedPlugin } from './plugins/just-in-time.js';
import { forbidInstallScripts } from './services/plugins/scripts.js';
import { makeError } from './errors.js';

/** The time in milliseconds in which connections can close by themselves once the command is done. */
const LEFTOVERS_MS = 2000;

/** Runs the command line. `url` is the module URL of the executable. */
export async function main(url: string): Promise<void> {
  guardStreams();
  takeSecrets();
  forbidInstallScripts();
  leaveOnSignals();
  offerMissingPlugins(withTasks);
  // The packages are compiled; oclif must not look for TypeScript sources beside them.
  settings.enableAutoTranspile = false;
  process.once('beforeExit', tellUnended);
  try {
    const argv = process.argv.slice(2);
    const host = await loadHost(url);
    const wanted = wantedPlugin(host, argv);
    if (wanted !== undefined) await installJustInTime(host, wanted);
    await run(argv, wanted === undefined ? host : await loadHost(url));
    await tellLostOutput();
    leaveSoon();
  } catch (error) {
    if (error instanceof IngestorError) {
      tellError(error);
      return;
    }
    await handle(error as Error);
  } finally {
    process.off('beforeExit', tellUnended);
  }
}

/** Ends the process although the other end of a connection keeps it open: the command is done. */
function leaveSoon(): void {
  setTimeout(() => process.exit(), LEFTOVERS_MS).unref();
}

/** Reports a command that waits although nothing is left that could happen. Node would end with another code and text. */
function tellUnended(): void {
  const error = makeError('unended', {
    message: 'The command waits for something that can never come, and was ended before it was done.',
    fix: [
      'What is already committed stays: run the same command again.',
      'If that does not help, uninstall the plugin that was installed last (ingestor plugins uninstall), or report it.',
    ],
  });
  tellError(error);
  process.exit();
}

/** Prints an error outside of a command in the way that commands do, and sets the exit code. */
function tellError(error: IngestorError): void {
  process.exitCode = error.exitCode;
  process.stderr.write(`${renderError(error, withoutSecrets)}\n`);
  if (process.argv.includes('--json'))
    process.stdout.write(`${printable(JSON.stringify(errorJson(error, withoutSecrets), null, 2))}\n`);
}

/** Installs the plugin `name@version`, whose commands the user wants to run. */
async function installJustInTime(host: Config, plugin: string): Promise<void> {
  process.stderr.write(printableLine(`Installing ${plugin} for these commands …`) + '\n');
  const { installPlugin } = await import('./services/plugins/install.js');
  await installPlugin(host, plugin);
}

/** Reports output that was lost. The exit code stays that of the command if the command has changed something. */
async function tellLostOutput(): Promise<void> {
  const failure = await outputFailure();
  if (!failure) return;
  process.stderr.write(`Not all of the output could be written: ${failure.code ?? failure.message}.\n`);
  if (!hasActed()) process.exitCode ||= ExitCode.failed;
}
