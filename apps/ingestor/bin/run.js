#!/usr/bin/env -S node --max-semi-space-size=8
// The flag (MiB) keeps V8 from giving a stream of short-lived rows, buffers and images ever more room before it collects
// the young generation. `bound-memory.ts` bounds the old one.
// Else this signal would have Node open its debugger on a port, where anybody on the machine could run code in this process.
process.on('SIGUSR1', () => undefined);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `ingestor needs Node.js 22.15 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer one, or add it to this folder: npm install node@24, then run through npx.\n',
  );
  process.exit(2);
}
await cacheCompiledCode();
// oclif would load a parser of versions for the check that is made above.
process.env.OCLIF_DISABLE_ENGINE_WARNING ??= '1';
if (process.argv[2] === '--version') {
  const { printVersion } = await import('../dist/version.js');
  await printVersion(import.meta.filename);
} else {
  const { main } = await import('../dist/main.js');
  await main(import.meta.url);
}

/**
 * Keeps compiled code between runs, which halves the time that a command needs to start. The folder is this user's own:
 * Node's default is in the shared temporary folder, where another user could leave code for this process to run.
 * NODE_COMPILE_CACHE names another folder, and NODE_DISABLE_COMPILE_CACHE=1 turns the cache off. Node continues without
 * a cache when the folder cannot be written.
 */
async function cacheCompiledCode() {
  if (process.env.NODE_COMPILE_CACHE) return;
  const { enableCompileCache } = await import('node:module');
  const { homedir } = await import('node:os');
  const { isAbsolute, join } = await import('node:path');
  const folder = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  if (isAbsolute(folder)) enableCompileCache(join(folder, 'ingestor', 'compiled'));
}
