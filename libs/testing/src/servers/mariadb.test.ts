import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { startMariaDb, type MariaDb } from './mariadb.js';

/** Returns the data folders of the running servers. */
function runningServers(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      } catch {
        return [];
      }
    })
    .filter((argument) => argument.startsWith('--datadir='))
    .map((argument) => argument.slice('--datadir='.length));
}

describe('startMariaDb', () => {
  let db: MariaDb;
  beforeAll(async () => {
    db = await startMariaDb({ localInfile: false, maxAllowedPacket: '2M', args: ['--max-connections=20'] });
  });
  afterAll(() => db.stop());

  it('starts the server with the given options', async () => {
    const [row] = await db.sql('SELECT @@local_infile AS l, @@max_allowed_packet AS p, @@max_connections AS c');
    expect(row).toEqual({ l: 0, p: 2 * 1024 * 1024, c: 20 });
  });

  it('creates databases, and accounts with only the granted rights', async () => {
    const [own, other] = [await db.createDatabase(), await db.createDatabase()];
    const login = await db.createUser(`ALL ON ${own}.*`);
    const connection = await createConnection({ host: db.host, port: db.port, ...login, database: own });
    await connection.query('CREATE TABLE t (a INT)');
    await expect(connection.query(`CREATE TABLE ${other}.t (a INT)`)).rejects.toMatchObject({
      code: 'ER_TABLEACCESS_DENIED_ERROR',
    });
    await connection.end();
  });

  it('keeps committed rows across kill and restart', async () => {
    const name = await db.createDatabase();
    await db.sql(`CREATE TABLE ${name}.t (a INT) ENGINE=InnoDB`);
    await db.sql(`INSERT INTO ${name}.t VALUES (7)`);
    await db.kill();
    await expect(createConnection({ host: db.host, port: db.port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await db.restart();
    expect(await db.sql(`SELECT a FROM ${name}.t`)).toEqual([{ a: 7 }]);
  });

  it('leaves no process and no folder after stop', async () => {
    const second = await startMariaDb({ onDisk: true });
    const [row] = await second.sql('SELECT @@datadir AS d');
    const folder = (row as { d: string }).d.replace(/\/$/, '');
    expect(folder.startsWith(tmpdir())).toBe(true);
    expect(runningServers()).toContain(folder);
    await second.stop();
    expect(runningServers()).not.toContain(folder);
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ['killed', (pid: number) => process.kill(pid, 'SIGKILL')],
    ['interrupted with its group, as by a terminal', (pid: number) => process.kill(-pid, 'SIGINT')],
    ['terminated with its group', (pid: number) => process.kill(-pid, 'SIGTERM')],
  ])('the server ends with a test process that is %s', async (_, end) => {
    const script = `import { startMariaDb } from ${JSON.stringify(new URL('../../dist/servers/mariadb.js', import.meta.url).href)};
      const db = await startMariaDb();
      console.log((await db.sql('SELECT @@datadir AS d'))[0].d);
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const datadir = await new Promise<string>((resolve) =>
      child.stdout.once('data', (text: Buffer) => {
        resolve(text.toString().trim());
      }),
    );
    expect(existsSync(datadir)).toBe(true);
    end(child.pid!);
    const deadline = Date.now() + 40_000;
    const gone = () => !existsSync(datadir) && !runningServers().some((name) => `${name}/` === datadir);
    while (!gone() && Date.now() < deadline) await sleep(20);
    expect(gone()).toBe(true);
  });
});
