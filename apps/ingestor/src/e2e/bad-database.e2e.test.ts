import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GOOD_CSV, yamlOf, documentOf, type Env, World, type Traces } from '@tracebloc/ingestor-testing/command';

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start({ mariaDb: {} });
  await world.write('good.csv', GOOD_CSV);
  await world.write('kept.yaml', yamlOf({ table: 'kept' }));
  await world.write('ingest.yaml', yamlOf());
  expect(await world.run(['ingest', '-c', 'kept.yaml'])).toMatchObject({ code: 0 });
  before = await world.traces();
});
afterAll(() => world.stop());

const databases = async () => (await world.mariaDb.sql('SHOW DATABASES')).map((row) => Object.values(row)[0]);

/** That ingesting fails so, and so does the other command, which needs the database too, and nothing is touched. */
async function expectRefused(
  env: Env,
  code: string,
  tells: string | RegExp,
  other: string[] = ['datasets', 'list'],
): Promise<void> {
  const present = await databases();
  const [ingested, listed] = await Promise.all([
    world.run(['ingest', '-c', 'ingest.yaml', '--json'], env),
    world.run([...other, '--json'], env),
  ]);
  for (const ended of [ingested, listed]) {
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(tells);
    expect(documentOf(ended)).toMatchObject({ error: { code, exitCode: 1 } });
  }
  expect(await databases()).toEqual(present);
  expect(await world.traces()).toEqual(before);
}

describe('a database server', () => {
  it('that does not know the password is named with the user', async () => {
    const { host, port, user } = world.mariaDb;
    await expectRefused(
      { ...world.local, DB_PASSWORD: 'not-the-password' },
      'database-login-refused',
      `The database server at ${host}:${port} refused the login of user "${user}".\n\n  Check DB_USER and DB_PASSWORD.`,
    );
  });

  it('that is down is named with its address', async () => {
    // Port 1 is the one that nobody listens on.
    await expectRefused(
      { ...world.local, MYSQL_PORT: '1' },
      'database-unreachable',
      'The database server at 127.0.0.1:1 cannot be reached (ECONNREFUSED).\n\n  Check MYSQL_HOST and MYSQL_PORT.',
    );
  });

  it('that does not let the user create the database gets the statements that would', async () => {
    const { user, password } = await world.mariaDb.createUser();
    await expectRefused(
      { ...world.local, DB_USER: user, DB_PASSWORD: password, DB_NAME: 'not_there' },
      'database-not-permitted',
      new RegExp(
        `User "${user}" may not use the database "not_there", or may not create it if it is missing\\.[^]*` +
          'CREATE DATABASE IF NOT EXISTS `not_there` CHARACTER SET utf8mb4;[^]*' +
          `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER ON \`not_there\`\\.\\* TO '${user}'@'%';`,
      ),
    );
  });

  it('creates the database where the user may', async () => {
    const ended = await world.run(['ingest', '-c', 'ingest.yaml', '--json'], { ...world.local, DB_NAME: 'made' });
    expect(ended).toMatchObject({ code: 0 });
    expect(await databases()).toContain('made');
    await world.mariaDb.sql('DROP DATABASE made');
  });

  it('whose user may not create tables leaves nothing that a later run would stumble over', async () => {
    const { user, password } = await world.mariaDb.createUser(
      `SELECT, INSERT, UPDATE, DELETE, DROP, ALTER ON ${world.database}.*`,
    );
    const ended = await world.run(['ingest', '-c', 'ingest.yaml'], {
      ...world.local,
      DB_USER: user,
      DB_PASSWORD: password,
    });
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain(`User "${user}" may not CREATE in the database "${world.database}".`);
    expect(await world.traces()).toEqual(before);

    // Another source than the one that failed: there is nothing to continue.
    await world.write('other.csv', `${GOOD_CSV}4,x,p\n`);
    await world.write('other.yaml', yamlOf({ csv: 'other.csv' }));
    expect(await world.run(['ingest', '-c', 'other.yaml'])).toMatchObject({ code: 0 });
    expect(await world.run(['datasets', 'delete', 'fresh', '--yes'])).toMatchObject({ code: 0 });
    before = await world.traces();
  });

  it('without a password for it is wrong usage', async () => {
    const ended = await world.run(['ingest', '-c', 'ingest.yaml'], { ...world.local, DB_PASSWORD: '' });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('DB_PASSWORD: is not set, although MYSQL_HOST is set');
  });
});

describe('a storage folder that cannot be written to is named:', () => {
  const expectNotWritable = (path: string, reason: string) =>
    expectRefused(
      { ...world.embedded, STORAGE_PATH: path },
      'storage-not-writable',
      `The embedded database "${path}/embedded.sqlite" cannot be written (${reason}).`,
      ['runs', 'clean', '--yes'],
    );

  it('one below a file', async () => {
    await expectNotWritable(join(world.folder, 'good.csv/below'), 'ENOTDIR');
  });

  it('one that the file system does not make', async () => {
    await expectNotWritable('/proc/ingestor', 'ENOENT');
  });

  it('one on a volume that is mounted read-only', async () => {
    const volume = join(world.folder, 'volume');
    await mkdir(volume);
    if (!mounts('-t', 'tmpfs', '-o', 'ro', 'tmpfs', volume)) {
      console.warn('Not tested: this machine does not let the test mount a volume.');
      return;
    }
    try {
      await expectNotWritable(volume, 'unable to open database file');
      await expectNotWritable(join(volume, 'below'), 'EROFS');
    } finally {
      execFileSync('umount', [volume]);
    }
  });
});

function mounts(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
