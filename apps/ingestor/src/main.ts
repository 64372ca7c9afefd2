import { ExitCode } from '@tracebloc/ingestor-contract';
import { handle, run, settings } from '@oclif/core';
import { hasActed } from './base-command.js';
import { guardStreams, outputFailure } from './output/streams.js';
import { loadHost } from './plugins/host.js';
import { takeSecrets } from './secrets.js';
import { forbidInstallScripts } from './services/install-plugin-scripts.js';
import { leaveOnSignals } from './services/interrupt.js';

/** oclif's exit code, after the shell's. */
const COMMAND_NOT_FOUND = 127;

/** Runs the command line. `url` is the module URL of the executable. */
export async function main(url: string): Promise<void> {
  guardStreams();
  takeSecrets();
  forbidInstallScripts();
  leaveOnSignals();
  // The packages are compiled; oclif must not look for TypeScript sources beside them.
  settings.enableAutoTranspile = false;
  try {
    await run(process.argv.slice(2), await loadHost(url));
    await tellLostOutput();
  } catch (error) {
    const { oclif } = error as { oclif?: { exit?: number } };
    // A command that there is none of is wrong usage like any other.
    if (oclif?.exit === COMMAND_NOT_FOUND) oclif.exit = ExitCode.usage;
    await handle(error as Error);
  }
}

/** The exit code tells what happened to the data, and where a command only tells, whether that was heard. */
async function tellLostOutput(): Promise<void> {
  const failure = await outputFailure();
  if (!failure) return;
  process.stderr.write(`Not all of the output could be written: ${failure.code ?? failure.message}.\n`);
  if (!hasActed()) process.exitCode ||= ExitCode.failed;
}
