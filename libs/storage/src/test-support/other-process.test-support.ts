import type { DatabaseConfig } from '@tracebloc/ingestor-core';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts another process that opens the database, runs the script with it as `db`, prints `ready` and waits to be killed.
 * It runs the compiled code, so run `npm run build` first.
 */
export async function otherProcess(options: DatabaseConfig, script: string): Promise<ChildProcess> {
  const built = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
  const password = options.kind === 'mysql' ? options.password.reveal() : '';
  const code = `
    import { openDatabase } from ${built('dist/index.js')};
    import { Secret } from ${built('../core/dist/index.js')};
    const options = ${JSON.stringify(options)};
    if (options.kind === 'mysql') options.password = new Secret(${JSON.stringify(password)});
    const db = await openDatabase(options);
    ${script}
    console.log('ready');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  if (String(output).trim() !== 'ready') throw new Error(`The other process ended early (${String(output)}).`);
  return child;
}

/** Kills the process, as in a crash. */
export async function crash(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
