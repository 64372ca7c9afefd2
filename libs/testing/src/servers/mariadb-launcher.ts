import { execFile } from 'node:child_process';
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { mysqlLauncher, MYSQL_FOLDER } from './mysql-launcher.js';
import { createAccount, serverOptions, type Launcher } from './launcher.js';

const run = promisify(execFile);
const PACKAGES = ['mariadb-server-core', 'mariadb-client-core'];
const IMAGE = 'docker.io/library/mariadb:10.11';

/** Finds a MariaDB: an installed one, one that apt installs as root, or Docker. The error lists all attempts. */
export async function findLauncher(password: string): Promise<Launcher> {
  if (MYSQL_FOLDER) return mysqlLauncher(MYSQL_FOLDER, password);
  const tried: string[] = [];
  const own = await findServer();
  if (own) return localLauncher(own, password);
  tried.push('mariadbd or mysqld (of MariaDB) with mariadb-install-db on PATH, /usr/sbin or /usr/bin: not found');

  if (process.getuid?.() === 0) {
    const failure = await installWithApt();
    const installed = failure === undefined ? await findServer() : undefined;
    if (installed) return localLauncher(installed, password);
    tried.push(`apt-get install ${PACKAGES.join(' ')}: ${failure ?? 'no mariadbd afterwards'}`);
  } else {
    tried.push('apt-get install: needs root');
  }

  const failure = await run('docker', ['info']).then(
    () => undefined,
    (error: unknown) => firstLine(error),
  );
  if (failure === undefined) return dockerLauncher(password);
  tried.push(`docker info: ${failure}`);
  throw new Error(
    `No MariaDB can be started for the tests. Install it (apt-get install ${PACKAGES.join(' ')}). Tried:\n` +
      tried.map((line) => `  - ${line}`).join('\n'),
  );
}

interface Programs {
  server: string;
  install: string;
}

async function findServer(): Promise<Programs | undefined> {
  const install = await which('mariadb-install-db');
  if (!install) return undefined;
  for (const name of ['mariadbd', 'mysqld']) {
    const server = await which(name);
    if (server && (await run(server, ['--version'])).stdout.includes('MariaDB')) return { server, install };
  }
  return undefined;
}

async function which(program: string): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  for (const folder of folders.filter((name) => name !== '')) {
    const path = join(folder, program);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

async function installWithApt(): Promise<string | undefined> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES], { env });
  try {
    // The first attempt usually fails because the package list is missing or out of date.
    await install().catch(async () => {
      await run('apt-get', ['update'], { env });
      await install();
    });
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).split('\n')[0]!;
}

/** A server deletes old files in its temporary folder when it starts, so each server has a separate one. */
function localLauncher({ server, install }: Programs, password: string): Launcher {
  // As root the server runs only with this option.
  const account = process.getuid?.() === 0 ? ['--user=root'] : [];
  const user = 'tester';
  return {
    user,
    startSeconds: 30,
    async prepare(folder) {
      await writeFile(join(folder, 'init.sql'), createAccount(user, password));
      await run(install, [
        '--no-defaults',
        ...account,
        `--datadir=${join(folder, 'data')}`,
        `--tmpdir=${folder}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--innodb-flush-log-at-trx-commit=0',
      ]);
    },
    command: (folder, port, options) => [
      server,
      '--no-defaults',
      ...account,
      ...serverOptions(folder, port),
      ...options,
    ],
    kill: () => 'kill -KILL "$server"',
  };
}

function dockerLauncher(password: string): Launcher {
  const container = (folder: string): string => `ingestor-${folder.split('-').at(-1)!}`;
  const account = process.getuid ? [`--user=${process.getuid()}:${process.getgid!()}`] : [];
  return {
    user: 'root',
    startSeconds: 180,
    async prepare(folder) {
      // The folder is created here, so that it belongs to this user, who can then remove it.
      await mkdir(join(folder, 'data'));
    },
    command: (folder, port, options) => [
      'docker',
      'run',
      '--rm',
      `--name=${container(folder)}`,
      ...account,
      `--volume=${join(folder, 'data')}:/var/lib/mysql`,
      `--publish=127.0.0.1:${port}:3306`,
      `--env=MARIADB_ROOT_PASSWORD=${password}`,
      IMAGE,
      '--skip-name-resolve',
      ...options,
    ],
    kill: (folder) => `docker kill ${container(folder)} >/dev/null 2>&1`,
  };
}
