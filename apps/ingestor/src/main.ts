import { flush, handle, run, settings } from '@oclif/core';
import { loadHost } from './plugins/host.js';

/** Runs the command line. `url` is the module URL of the executable. */
export async function main(url: string): Promise<void> {
  // The packages are compiled; oclif must not look for TypeScript sources beside them.
  settings.enableAutoTranspile = false;
  try {
    await run(process.argv.slice(2), await loadHost(url));
    await flush();
  } catch (error) {
    await handle(error as Error);
  }
}
