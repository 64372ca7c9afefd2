import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
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

/** Expects that ingest and the other command, which needs the database too, fail alike, and that nothing is touched. */
async function expectRefused(env: Env, other: string[], code: string, message: string): Promise<void> {
  const commands = [['ingest', '-c', 'ingest.yaml'], other];
  for (const ended of await Promise.all(commands.map((args) => world.run([...args, '--json'], env)))) {
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain(message);
    expect(documentOf(ended)).toMatchObject({ error: { code, exitCode: 1 } });
  }
  expect(await world.traces()).toEqual(before);
}

it('a database server that refuses the login is named with the user', async () => {
  const { host, port, user } = world.mariaDb;
  await expectRefused(
    { ...world.local, DB_PASSWORD: 'not-the-password' },
    ['datasets', 'list'],
    'database-login-refused',
    `The database server at ${host}:${port} refused the login of user "${user}".\n\n  Check DB_USER and DB_PASSWORD.`,
  );
});

it('a user who may not create tables gets the statements that allow it, and nothing is left that a later run finds', async () => {
  const rights = `SELECT, INSERT, UPDATE, DELETE, DROP, ALTER ON ${world.database}.*`;
  const { user, password } = await world.mariaDb.createUser(rights);
  const env = { ...world.local, DB_USER: user, DB_PASSWORD: password };
  const ended = await world.run(['ingest', '-c', 'ingest.yaml'], env);
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.stderr).toContain(`User "${user}" may not CREATE in the database "${world.database}".`);
  expect(ended.stderr).toContain(
    `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER ON \`${world.database}\`.* TO '${user}'@'%';`,
  );
  expect(await world.traces()).toEqual(before);

  // Another source than the one that failed: there is nothing to continue.
  await world.write('other.csv', `${GOOD_CSV}4,x,p\n`);
  await world.write('other.yaml', yamlOf({ csv: 'other.csv' }));
  expect(await world.run(['ingest', '-c', 'other.yaml'])).toMatchObject({ code: 0 });
  before = await world.traces();
});

it('a storage folder on a volume that is mounted read-only is named', async () => {
  const volume = join(world.folder, 'volume');
  await mkdir(volume);
  if (!mounts('-t', 'tmpfs', '-o', 'ro', 'tmpfs', volume)) {
    console.warn('Not tested: this machine does not let the test mount a volume.');
    return;
  }
  try {
    await expectRefused(
      { ...world.embedded, STORAGE_PATH: volume },
      ['runs', 'clean', '--yes'],
      'storage-not-writable',
      `The embedded database "${volume}/embedded.sqlite" cannot be written (unable to open database file).`,
    );
  } finally {
    execFileSync('umount', [volume]);
  }
});

function mounts(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
