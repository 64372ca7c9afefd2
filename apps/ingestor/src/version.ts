import { writeSync } from 'node:fs';
import { Config, Plugin } from '@oclif/core/config';
import { ExitCode } from '@tracebloc/ingestor-core';

/**
 * Prints what oclif prints for `--version`. oclif itself would load the commands and all plugins first, which takes most of
 * the time. `root` is a file of the host's package, or its folder.
 */
export async function printVersion(root: string): Promise<void> {
  const host = new Plugin({ root, isRoot: true });
  await host.load();
  const config = new Config({ root: host.root, plugins: new Map([[host.name, host]]) });
  await config.load();
  try {
    writeSync(process.stdout.fd, `${config.userAgent}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return;
    process.stderr.write(`Not all of the output could be written: ${code}.\n`);
    process.exitCode = ExitCode.failed;
  }
}
