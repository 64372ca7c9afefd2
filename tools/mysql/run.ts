/**
 * Runs tests on MySQL instead of MariaDB: `npm run test:mysql`. CI does not run it, because Debian's newest MySQL changes
 * with time. Needs an amd64 machine with dpkg, tar and xz. Arguments go to Nx, such as `-p @tracebloc/ingestor-storage`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchMysql } from './fetch.ts';

const PROJECTS = ['@tracebloc/ingestor-storage', '@tracebloc/ingestor-pipeline', '@tracebloc/ingestor'];

const folder = mkdtempSync(join(tmpdir(), 'ingestor-mysql-'));
try {
  process.stderr.write(`MySQL ${await fetchMysql(folder)}\n`);
  const args = process.argv.length > 2 ? process.argv.slice(2) : ['-p', PROJECTS.join(',')];
  const env = { ...process.env, INGESTOR_TEST_MYSQL: folder };
  const { status } = spawnSync('nx', ['run-many', '-t', 'test', '--skip-nx-cache', '--output-style=stream', ...args], {
    env,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
