import { join } from 'node:path';

/** Runs a server whose data is in `folder`. */
export interface Launcher {
  /** The name of the account with all rights. */
  user: string;
  /** Creates the data in `folder/data`. */
  prepare(folder: string): Promise<void>;
  /** Returns the command of the server. */
  command(folder: string, port: number, options: readonly string[]): string[];
  /** Returns a shell command that kills the server, whose process id is `$server`. */
  kill(folder: string): string;
  /** The longest start of the server, in seconds. */
  startSeconds: number;
}

/** Returns SQL that creates an account with all rights. */
export function createAccount(user: string, password: string): string {
  return (
    `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';\n` +
    `GRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;\n`
  );
}

/** Returns the options of a server that writes only below `folder`, which contains an `init.sql`. */
export function serverOptions(folder: string, port: number): string[] {
  return [
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${folder}`,
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--init-file=${join(folder, 'init.sql')}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--skip-name-resolve',
  ];
}
