import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ended, type Env, type Running, yamlOf, World } from '@tracebloc/ingestor-testing/command';

/** Characters with a meaning in a URL, JSON, SQL, HTML or a shell. */
const SPECIAL = `'"\\/&?=%$;#<>@:`;
const SECRETS = {
  BACKEND_TOKEN: `token-57c0ffee${SPECIAL}`,
  CLIENT_PASSWORD: `client pässword ${SPECIAL}`,
  DB_PASSWORD: `database pässword ${SPECIAL}`,
  wrong: `not the password ${SPECIAL}`,
};
/** A cell, a label, and the cell from which the id of a record is taken. */
const DATA = ['cell-of-a-row-1f3a', 'label-of-a-row-77', 'id-of-a-row-4711'];

/** Returns the encodings of a text in which a search for the text itself would not find it. */
function formsOf(text: string): string[] {
  // The base64 of a text depends on the bytes before it. The ends, which depend on other bytes, are left out.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.from('x'.repeat(before) + text)
      .toString('base64')
      .slice(4, -4),
  );
  const bytes = Buffer.from(text);
  return [
    ...[
      text,
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(text),
      new URLSearchParams({ '': text }).toString().slice(1),
    ],
    ...[
      text.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
      text.replaceAll("'", "''"),
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
    ],
    ...base64,
    bytes.toString('hex'),
    bytes.toString('latin1'),
  ];
}

/** Returns the texts that are found in any encoding. */
const foundIn = (hay: string, texts: readonly string[]) =>
  texts.filter((text) => formsOf(text).some((form) => hay.includes(form)));

let world: World;
let login: { DB_USER: string; DB_PASSWORD: string };

beforeAll(async () => {
  world = await World.start({ backend: { token: SECRETS.BACKEND_TOKEN, password: SECRETS.CLIENT_PASSWORD } });
  const inSql = SECRETS.DB_PASSWORD.replaceAll('\\', '\\\\').replaceAll("'", "''");
  const rights = { secretive: 'ALL', limited: 'SELECT, UPDATE, DELETE, CREATE, DROP, ALTER' };
  for (const [user, may] of Object.entries(rights)) {
    await world.mariaDb.sql(`CREATE USER '${user}'@'%' IDENTIFIED BY '${inSql}'`);
    await world.mariaDb.sql(`GRANT ${may} ON ${world.database}.* TO '${user}'@'%'`);
  }
  login = { DB_USER: 'secretive', DB_PASSWORD: SECRETS.DB_PASSWORD };

  const [cell, label, id] = DATA as [string, string, string];
  await world.write(
    'good.csv',
    `a,b,k,y\n1,${cell},${id}-1,${label}\n2,${cell},${id}-2,other ${label}\n3,${cell},${id}-3,${label}\n`,
  );
  await world.write(
    'twice.csv',
    `a,b,k,y\n1,${cell},${id},${label}\n2,${cell},${id}-2,other ${label}\n3,${cell},${id},${label}\n`,
  );
  await world.write('bad.csv', `a,b,k,y\n${cell},${cell},${id},${label}\n2,${cell},${id}-2,other ${label}\n`);
  const schema = { a: 'INT', b: 'VARCHAR(40)', k: 'VARCHAR(40)' };
  const hidden = { schema, label: { column: 'y', policy: 'bucket' } };
  await world.write('good.yaml', yamlOf({ ...hidden, table: 'good' }));
  await world.write('second.yaml', yamlOf({ ...hidden, table: 'second' }));
  await world.write('echoed.yaml', yamlOf({ ...hidden, table: 'echoed' }));
  await world.write('bad.yaml', yamlOf({ ...hidden, table: 'bad', csv: 'bad.csv' }));
  const dataId = { data_id: { strategy: 'column', column: 'k' } };
  await world.write('twice.yaml', yamlOf({ ...hidden, ...dataId, table: 'twice', csv: 'twice.csv' }));
});
afterAll(() => world.stop());

const withToken = (): Env => ({ ...world.remote, ...login, BACKEND_TOKEN: SECRETS.BACKEND_TOKEN });
const withLogin = (): Env => ({
  ...{ ...withToken(), BACKEND_TOKEN: '' },
  ...{ CLIENT_ID: 'fake-client', CLIENT_PASSWORD: SECRETS.CLIENT_PASSWORD },
});

/** Runs the command with all its debug output, and searches everything that it printed. */
async function runAndLook(args: string[], env: Env, code: number): Promise<Ended> {
  const ended = await world.run(args, { ...env, LOG_LEVEL: 'DEBUG', DEBUG: '*' });
  expect([args, ended.code, ended.stderr.slice(-500)]).toEqual([args, code, expect.any(String)]);
  expect(foundIn(ended.stdout + ended.stderr, Object.values(SECRETS))).toEqual([]);
  // A report on stdout shows the user the values that are wrong; a log shows none.
  expect(foundIn(code === 3 ? ended.stderr : ended.stdout + ended.stderr, DATA)).toEqual([]);
  return ended;
}

describe('no secret, no cell and no label is printed', () => {
  it.each([
    ['good', withToken],
    ['second', withLogin],
  ])('by a run that succeeds (%s)', async (name, env) => {
    const { stderr } = await runAndLook(['ingest', '-c', `${name}.yaml`, '--json'], env(), 0);
    expect(stderr).toMatch(/ DEBUG {3}Calling dataset of /);
    expect(stderr).toMatch(/sequelize:/);
  });

  const database: Env = { DB_PASSWORD: SECRETS.wrong };
  it.each([
    [
      'a database that refuses the password',
      'good',
      1,
      () => ({ ...withToken(), ...database }),
      /refused the login of user "secretive"/,
    ],
    [
      'a backend that refuses the password',
      'good',
      1,
      () => ({ ...withLogin(), CLIENT_PASSWORD: SECRETS.wrong }),
      /does not accept CLIENT_ID/,
    ],
    [
      'a backend that refuses the token',
      'echoed',
      1,
      () => ({ ...withToken(), BACKEND_TOKEN: encodeURIComponent(SECRETS.wrong) }),
      /401 Unauthorized/,
    ],
    [
      'an address with a password',
      'good',
      2,
      () => ({ ...withToken(), BACKEND_URL: `https://me:${encodeURIComponent(SECRETS.wrong)}@host` }),
      /the address contains a user name or password/,
    ],
    [
      'a right that the database user lacks',
      'good',
      1,
      () => ({ ...withToken(), DB_USER: 'limited' }),
      /User "limited" may not INSERT/,
    ],
    ['bad data', 'bad', 3, withToken, undefined],
    ['an id that occurs twice', 'twice', 3, withToken, undefined],
  ])('because of %s', async (_, name, code, env, says) => {
    const { stderr } = await runAndLook(['ingest', '-c', `${name}.yaml`, '--json'], env(), code);
    if (says) expect(stderr).toMatch(says);
  });

  it('because of a backend that repeats what it was sent', async () => {
    const { BACKEND_TOKEN: token, CLIENT_PASSWORD, DB_PASSWORD } = SECRETS;
    const texts = [token, JSON.stringify(token), encodeURIComponent(token), CLIENT_PASSWORD, DB_PASSWORD];
    world.backend.fail({ match: 'POST /global_meta/echoed/', status: 403, body: `You sent ${texts.join(' ')}!` });
    const { stderr } = await runAndLook(
      ['ingest', '-c', 'echoed.yaml', '--json'],
      { ...withToken(), CLIENT_PASSWORD },
      1,
    );
    expect(stderr).toContain('403 Forbidden: You sent ******** "********" ******** ******** ********!');
  });

  it('because of a secret that came from a file', async () => {
    await world.write('password.secret', SECRETS.wrong);
    const file = { DB_PASSWORD: '', DB_PASSWORD_FILE: 'password.secret' };
    // The message has the user's name, which here is the password.
    const env = { ...withToken(), ...file, DB_USER: SECRETS.wrong };
    const { stderr } = await runAndLook(['ingest', '-c', 'good.yaml', '--json'], env, 1);
    expect(stderr).toContain('refused the login of user "********"');
    await rm(join(world.folder, 'password.secret'));
  });

  it('and a secret that is too short to be masked does not garble the output', async () => {
    const { code, stderr } = await world.run(['ingest', '-c', 'good.yaml'], { ...withToken(), DB_PASSWORD: 'e' });
    expect(code).toBe(1);
    expect(stderr).toContain('refused the login of user "secretive"');
    expect(stderr).not.toContain('*');
  });

  it('by config show, which masks them', async () => {
    const token = await runAndLook(['config', 'show', '-c', 'good.yaml'], withToken(), 0);
    expect(token.stdout).toMatch(/^backend\.token +\*{8} +BACKEND_TOKEN$/m);
    expect(token.stdout).toMatch(/^database\.password +\*{8} +DB_PASSWORD$/m);
    const login = await runAndLook(['config', 'show', '-c', 'good.yaml'], withLogin(), 0);
    expect(login.stdout).toMatch(/^backend\.client_password +\*{8} +CLIENT_PASSWORD$/m);
  });
});

describe('after all that', () => {
  it('no secret is in the database, the storage folder or the user’s own folder, and of cells only labels are in the ledger', async () => {
    const [, label] = DATA as [string, string, string];
    const tables = await world.mariaDb.sql(`SHOW TABLES FROM ${world.database}`);
    const names = tables.map((row) => Object.values(row)[0] as string);
    expect(names).toEqual(expect.arrayContaining(['_ingestor_runs', '_ingestor_datasets', '_ingestor_locks', 'good']));
    for (const name of names) {
      const text = JSON.stringify(await world.rows(name));
      expect([name, foundIn(text, Object.values(SECRETS))]).toEqual([name, []]);
      // The ledger counts each class of a dataset, and is removed with the dataset.
      const mayHold = name === '_ingestor_runs' ? [label] : [];
      if (name.startsWith('_ingestor_')) expect([name, foundIn(text, DATA)]).toEqual([name, mayHold]);
    }
    // HOME is this folder too: the logs and caches of oclif would be below it.
    const found = await readdir(world.folder, { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    for (const file of files) {
      const text = await readFile(file, 'utf8');
      expect([file, foundIn(text, Object.values(SECRETS))]).toEqual([file, []]);
      if (!file.endsWith('.csv')) expect([file, foundIn(text, DATA)]).toEqual([file, []]);
    }
  });

  it('the backend has received secrets only in the login, and of the data only what it may have', () => {
    const { requests } = world.backend;
    for (const { method, url, body, headers } of requests) {
      const isLogin = url === '/api-token-auth/';
      expect([
        url,
        foundIn(
          body,
          Object.values(SECRETS).filter((text) => !isLogin || text === SECRETS.DB_PASSWORD),
        ),
      ]).toEqual([url, []]);
      expect(foundIn(`${method} ${url}`, Object.values(SECRETS))).toEqual([]);
      const { authorization, ...others } = headers;
      expect(foundIn(JSON.stringify(others), Object.values(SECRETS))).toEqual([]);
      // Labels are bucketed.
      expect([url, foundIn(body, DATA)]).toEqual([url, []]);
    }
    expect(requests.length).toBeGreaterThan(10);
  });
});

/** Returns the command lines of all processes while the command runs, and the numbers of its children. */
async function watch(running: Running): Promise<{ commandLines: string; children: string[] }> {
  const seen = new Set<string>();
  const children = new Set<string>();
  const end = new AbortController();
  void running.ended.then(() => end.abort());
  while (!end.signal.aborted) {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      seen.add(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
    }
    const ofRun = await readFile(`/proc/${running.pid}/task/${running.pid}/children`, 'utf8').catch(() => '');
    for (const pid of ofRun.split(' ').filter((text) => text !== '')) children.add(pid);
    await sleep(10);
  }
  return { commandLines: [...seen].join('\n'), children: [...children] };
}

describe('while a command runs', () => {
  it('no secret is in the process list', async () => {
    const running = world.start(['ingest', '-c', 'good.yaml', '--overwrite', '--restart'], withToken());
    const { commandLines, children } = await watch(running);
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(commandLines).toContain('good.yaml');
    expect(foundIn(commandLines, Object.values(SECRETS))).toEqual([]);
    expect(children).toEqual([]);
  });

  it('none is left in its environment, where plugins would find it', async () => {
    const written = join(world.folder, 'environment-at-exit');
    const spy = `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(written)}, JSON.stringify(process.env)));`;
    await world.write('spy-at-exit.cjs', spy);
    const options = { NODE_OPTIONS: `--require ${join(world.folder, 'spy-at-exit.cjs')}` };
    const args = ['ingest', '-c', 'good.yaml', '--overwrite', '--restart'];
    expect(await world.run(args, { ...withToken(), ...SECRETS, ...login, ...options })).toMatchObject({ code: 0 });
    const left = JSON.parse(await readFile(written, 'utf8')) as Env;
    expect(left).toMatchObject({ DB_USER: 'secretive' });
    const given = [SECRETS.BACKEND_TOKEN, SECRETS.CLIENT_PASSWORD, SECRETS.DB_PASSWORD];
    expect(foundIn(Object.values(left).join('\n'), given)).toEqual([]);
  });

  it('the programs that it starts are not given the secrets', async () => {
    const written = join(world.folder, 'started');
    await mkdir(written);
    // Every Node process writes its arguments and environment into a file.
    const spy = `require('fs').writeFileSync(${JSON.stringify(`${written}/`)} + process.pid, JSON.stringify([process.argv, process.env]));`;
    await world.write('spy.cjs', spy);
    // Nothing listens there.
    const registry = { INGESTOR_NPM_REGISTRY: 'http://127.0.0.1:1', npm_config_fetch_retries: '0' };
    const env = { ...withToken(), ...SECRETS, ...registry, NODE_OPTIONS: `--require ${join(world.folder, 'spy.cjs')}` };
    expect(await world.run(['plugins', 'install', 'text'], env)).toMatchObject({ code: 1 });
    const texts = await Promise.all((await readdir(written)).map((name) => readFile(join(written, name), 'utf8')));
    const given = [SECRETS.BACKEND_TOKEN, SECRETS.CLIENT_PASSWORD, SECRETS.DB_PASSWORD];
    const [own, npm] = [false, true].map((isNpm) => texts.filter((text) => text.includes('npm-cli.js') === isNpm));
    expect(own!.map((text) => foundIn(text, given))).toEqual([given]);
    expect(npm!.map((text) => foundIn(text, given))).toEqual([[]]);
  });
});
