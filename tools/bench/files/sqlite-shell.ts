import { execFileSync, spawnSync } from 'node:child_process';

/** Returns the program `sqlite3`. If it is missing, root installs it with apt; others get an error that says so. */
export function findSqliteShell(): string {
  const isThere = () => spawnSync('sqlite3', ['--version']).status === 0;
  if (isThere()) return 'sqlite3';
  if (process.getuid?.() !== 0) throw new Error('The program sqlite3 is missing; install it: apt-get install sqlite3');
  const install = () => execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'sqlite3']);
  try {
    install();
  } catch {
    // The package list is missing or out of date.
    execFileSync('apt-get', ['update']);
    install();
  }
  return 'sqlite3';
}
