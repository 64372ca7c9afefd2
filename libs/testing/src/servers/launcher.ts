import { join } from 'node:path';

/** How to run a server whose data lies in `folder`. */
export interface Launcher {
  /** The account with all rights that the server gets. */
  user: string;
  /** Fills `folder/data`. */
  prepare(folder: string): Promise<void>;
  /** The command that is the server while it runs. */
  command(folder: string, port: number, options: readonly string[]): string[];
  /** Shell text that ends it at once; `$server` is the command's process. */
  kill(folder: string): string;
  /** Seconds within which it answers. */
  patience: number;
}

/** SQL that creates an account with all rights. */
export function createAccount(user: string, password: string): string {
  return (
    `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';\n` +
    `GRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;\n`
  );
}

/** Options of a server whose data, and whatever else it writes, lies in `folder`, which holds an `init.sql`. */
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
