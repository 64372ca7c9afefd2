import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAccount, serverOptions, type Launcher } from './launcher.js';

const run = promisify(execFile);

/** The folder of Debian's MySQL, if the tests use MySQL instead of MariaDB; see `tools/mysql`. */
export const MYSQL_FOLDER = process.env.INGESTOR_TEST_MYSQL;

/** The product that the tests use as their server. */
export const serverProduct = MYSQL_FOLDER ? 'MySQL' : 'MariaDB';

/** Returns the launcher of MySQL in a folder with all its libraries, which may be those of another Debian. */
export function mysqlLauncher(root: string, password: string): Launcher {
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const server = [
    join(libraries, 'ld-linux-x86-64.so.2'),
    '--library-path',
    `${libraries}:${join(root, 'usr/lib/mysql/private')}`,
    join(root, 'usr/sbin/mysqld'),
    '--no-defaults',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    `--lc-messages-dir=${join(root, 'usr/share/mysql')}`,
    `--character-sets-dir=${join(root, 'usr/share/mysql/charsets')}`,
    '--secure-file-priv=NULL',
    '--mysqlx=OFF',
  ];
  const user = 'tester';
  return {
    user,
    startSeconds: 60,
    async prepare(folder) {
      await writeFile(join(folder, 'init.sql'), createAccount(user, password));
      const [program, ...args] = server;
      await run(program!, [...args, '--initialize-insecure', `--datadir=${join(folder, 'data')}`]);
    },
    command: (folder, port, options) => [
      ...server,
      ...serverOptions(folder, port),
      '--disable-log-bin',
      ...options.map((option) => option.replace('--innodb-log-file-size=', '--innodb-redo-log-capacity=')),
    ],
    kill: () => 'kill -KILL "$server"',
  };
}
