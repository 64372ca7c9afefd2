/**
 * The MariaDB server that all test files of a project share. Jest calls this before the project's first test file, which
 * starts the server, and after its last, which stops it. It runs the compiled libs/testing, since Jest does not map the
 * imports of a `globalSetup`.
 */
const compiled = new URL('libs/testing/dist/servers/shared-mariadb.js', import.meta.url);

let stop;

export default async function startOrStop() {
  if (stop !== undefined) return stop();
  const { startSharedMariaDb } = await import(compiled.href);
  stop = await startSharedMariaDb();
}
