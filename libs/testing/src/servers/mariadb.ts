import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type Connection } from 'mysql2/promise';
import type { Certificate } from './certificates.js';
import { freePort } from './free-port.js';
import { findLauncher } from './mariadb-launcher.js';
import { mysqlLauncher } from './mysql-launcher.js';
import type { Launcher } from './launcher.js';

export interface MariaDbOptions {
  /** Allows `LOAD DATA LOCAL INFILE`. Default: true. */
  localInfile?: boolean;
  /** Default: 128M, as that of the server. */
  bufferPool?: string;
  /** Default: 16M, as that of the server. */
  maxAllowedPacket?: string;
  /** Allows TLS with this certificate. */
  tls?: Certificate;
  /** Keeps the data on a disk, for a benchmark. By default it is in memory if there is room, so that statements are fast. */
  onDisk?: boolean;
  /** Runs the MySQL of this folder instead, as INGESTOR_TEST_MYSQL does for all servers; see `tools/mysql`. */
  mysqlFolder?: string;
  /** Further command-line options of the server. */
  args?: readonly string[];
}

/** A MariaDB server on a free loopback port, with its data in a temporary folder. With INGESTOR_TEST_MYSQL it is MySQL. */
export interface MariaDb {
  readonly host: string;
  readonly port: number;
  /** The name of an account with all rights. */
  readonly user: string;
  readonly password: string;
  /** Returns the rows of the result, or the outcome of the statement. */
  sql(statement: string): Promise<Record<string, unknown>[]>;
  /** Creates an empty database and returns its unique name. */
  createDatabase(): Promise<string>;
  /** Creates an account with the given rights, such as `SELECT, INSERT ON db.*`, or with none. */
  createUser(grants?: string): Promise<{ user: string; password: string }>;
  /** Replaces the certificate of a server with `tls` for new connections. */
  useCertificate(certificate: Certificate): Promise<void>;
  /** Kills the server, as in a crash, and keeps the data. */
  kill(): Promise<void>;
  /** Starts the server again after `kill`, with the same port and data. */
  restart(): Promise<void>;
  /** Stops the server and removes its data; of a shared server, closes only the connection to it. */
  stop(): Promise<void>;
}

/** Where a server is, and the account with all rights. */
export type Address = Pick<MariaDb, 'host' | 'port' | 'user' | 'password'>;

const HOST = '127.0.0.1';
/** These files are in the data folder, which is the working folder of the server. */
const [CERT, KEY] = ['server-cert.pem', 'server-key.pem'];

/**
 * Runs the server as a child and kills it when the pipe from the test process closes, however that process ended. It
 * ignores signals, which a terminal sends to the whole process group. The word `keep` on the pipe keeps the data.
 */
const WRAPPER = `
trap '' HUP INT TERM
folder=$1 log=$2 kill=$3; shift 3
"$@" </dev/null >>"$log" 2>&1 &
server=$!
read -r word
eval "$kill"
wait
[ "$word" = keep ] || rm -rf "$folder"
`;

/** A folder in memory on Linux. It keeps the data when the server is killed. */
const MEMORY = '/dev/shm';
/** Bytes. A server's empty data folder has about 130 MB. */
const ENOUGH_MEMORY = 2 * 1024 ** 3;

/** Starts a separate server in about a second. If the machine cannot run one, the error lists all attempts. */
export async function startMariaDb(options: MariaDbOptions = {}): Promise<MariaDb> {
  const password = randomBytes(12).toString('hex');
  const { mysqlFolder } = options;
  const launcher = mysqlFolder === undefined ? await findLauncher(password) : mysqlLauncher(mysqlFolder, password);
  const parent = options.onDisk || !(await hasMemory()) ? tmpdir() : MEMORY;
  const folder = await mkdtemp(join(parent, 'ingestor-mariadb-'));
  const server = new Server(launcher, folder, await freePort(), password, [
    `--local-infile=${options.localInfile === false ? 0 : 1}`,
    `--innodb-buffer-pool-size=${options.bufferPool ?? '128M'}`,
    `--max-allowed-packet=${options.maxAllowedPacket ?? '16M'}`,
    '--innodb-log-file-size=96M',
    '--character-set-server=utf8mb4',
    ...(options.tls ? [`--ssl-cert=${CERT}`, `--ssl-key=${KEY}`] : []),
    ...(options.args ?? []),
  ]);
  try {
    await launcher.prepare(folder);
    if (options.tls) await writeCertificate(folder, options.tls);
    await server.restart();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function hasMemory(): Promise<boolean> {
  const volume = await statfs(MEMORY).catch(() => undefined);
  return volume !== undefined && volume.bavail * volume.bsize >= ENOUGH_MEMORY;
}

async function writeCertificate(folder: string, { cert, key }: Certificate): Promise<void> {
  await writeFile(join(folder, 'data', CERT), cert);
  await writeFile(join(folder, 'data', KEY), key);
}

class Server implements MariaDb {
  readonly host = HOST;
  readonly user: string;
  #wrapper?: ChildProcess;
  #admin?: Connection;

  constructor(
    private readonly launcher: Launcher,
    private readonly folder: string,
    readonly port: number,
    readonly password: string,
    private readonly options: readonly string[],
  ) {
    this.user = launcher.user;
  }

  async sql(statement: string): Promise<Record<string, unknown>[]> {
    const [result] = await this.#admin!.query(statement);
    return result as unknown as Record<string, unknown>[];
  }

  createDatabase(): Promise<string> {
    return createDatabase(this);
  }

  createUser(grants?: string): Promise<{ user: string; password: string }> {
    return createUser(this, grants);
  }

  async useCertificate(certificate: Certificate): Promise<void> {
    await writeCertificate(this.folder, certificate);
    await this.sql('FLUSH SSL');
  }

  async restart(): Promise<void> {
    const { launcher, folder } = this;
    const log = join(folder, 'log');
    const command = launcher.command(folder, this.port, this.options);
    const wrapper = spawn('sh', ['-c', WRAPPER, 'mariadb', folder, log, launcher.kill(folder), ...command], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    this.#wrapper = wrapper;
    // A test that does not stop its server still ends, and the closed pipe then ends the server.
    wrapper.unref();
    this.#admin = await this.#connect(log);
  }

  async kill(): Promise<void> {
    await this.#end('keep\n');
  }

  async stop(): Promise<void> {
    await this.#end('');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #end(word: string): Promise<void> {
    this.#admin?.destroy();
    const wrapper = this.#wrapper;
    this.#wrapper = undefined;
    if (!wrapper?.stdin) return;
    const ended = once(wrapper, 'exit');
    wrapper.ref();
    wrapper.stdin.end(word);
    await ended;
  }

  async #connect(log: string): Promise<Connection> {
    const deadline = Date.now() + this.launcher.startSeconds * 1000;
    for (;;) {
      try {
        return await connect(this);
      } catch (error) {
        const text = await readFile(log, 'utf8').catch(() => '');
        if (Date.now() > deadline || text.includes('[ERROR] Aborting')) {
          throw new Error(`MariaDB did not start. The end of its log:\n${text.slice(-2000)}`, { cause: error });
        }
        await sleep(20);
      }
    }
  }
}

/** Connects with all rights. */
export async function connect({ host, port, user, password }: Address): Promise<Connection> {
  const connection = await createConnection({ host, port, user, password });
  // The server's death is for the test to notice, not a reason to end the test process.
  connection.on('error', () => undefined);
  return connection;
}

/** Creates an empty database whose name no other test uses. */
export async function createDatabase(server: Pick<MariaDb, 'sql'>): Promise<string> {
  const name = `test_${randomBytes(4).toString('hex')}`;
  await server.sql(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return name;
}

/** Creates an account whose name no other test uses. */
export async function createUser(
  server: Pick<MariaDb, 'sql'>,
  grants?: string,
): Promise<{ user: string; password: string }> {
  const login = { user: `user_${randomBytes(4).toString('hex')}`, password: randomBytes(12).toString('hex') };
  await server.sql(`CREATE USER '${login.user}'@'%' IDENTIFIED BY '${login.password}'`);
  if (grants !== undefined) await server.sql(`GRANT ${grants} TO '${login.user}'@'%'`);
  return login;
}
