import { type MysqlConfig, Secret } from '@tracebloc/ingestor-core';
import { afterEach, describe, expect, it } from '@jest/globals';
import { serverProduct } from '@tracebloc/ingestor-testing';
import { createConnection } from 'mysql2/promise';
import { useServer, withDatabase } from '../../test-support/databases.test-support.js';
import { connectError, refusalOf } from './refusals.js';

const place = useServer({ separate: true });

/** Returns the test's database with a new account, to which the alteration is applied. */
async function account(alteration?: string): Promise<MysqlConfig> {
  const { user, password } = await place.server.createUser(`ALL ON ${place.options.name}.*`);
  if (alteration !== undefined) await place.server.sql(`ALTER USER '${user}'@'%' ${alteration}`);
  return { ...place.options, user, password: new Secret(password) };
}

async function refusal(options: MysqlConfig): Promise<{ code: string; message: string; fix: string[] }> {
  const error: unknown = await withDatabase(options, async () => 'opened').catch((e: unknown) => e);
  expect(error).toMatchObject({ name: 'IngestorError', exitCode: 1 });
  return error as { code: string; message: string; fix: string[] };
}

describe('an account that may not log in is reported:', () => {
  it.each([
    [
      'locked',
      'ACCOUNT LOCK',
      /^The account of user "user_\w+" at the database server at 127\.0\.0\.1:\d+ is locked\.$/,
    ],
    ['one whose password has expired', 'PASSWORD EXPIRE', /has a password that has expired\.$/],
  ])('%s', async (_, alteration, message) => {
    const { code, message: said, fix } = await refusal(await account(alteration));
    expect([code, said]).toEqual(['database-login-refused', expect.stringMatching(message)]);
    expect(fix.join()).toContain('ALTER USER');
  });

  (serverProduct === 'MariaDB' ? it : it.skip)('one that is blocked, after too many wrong passwords', async () => {
    const options = await account();
    await place.server.sql('SET GLOBAL max_password_errors = 1');
    try {
      await refusal({ ...options, password: new Secret('wrong') });
      expect((await refusal(options)).message).toContain('is blocked after too many logins with a wrong password');
    } finally {
      await place.server.sql('SET GLOBAL max_password_errors = DEFAULT');
    }
  });
});

describe('a limit of connections is reported with its name', () => {
  afterEach(() => place.server.sql('SET GLOBAL max_connections = 151'));

  it.each([
    ['max_user_connections', 'WITH MAX_USER_CONNECTIONS 1', 1],
    // The allowed login is used to read the server's properties.
    ['max_connections_per_hour', 'WITH MAX_CONNECTIONS_PER_HOUR 1', 0],
    ['max_queries_per_hour', 'WITH MAX_QUERIES_PER_HOUR 2', 0],
  ])('of one user: %s', async (limit, alteration, others) => {
    const options = await account(alteration);
    const { host, port, user } = options;
    const open = await Promise.all(
      Array.from({ length: others }, () => createConnection({ host, port, user, password: options.password.reveal() })),
    );
    const { code, message } = await refusal(options);
    for (const one of open) await one.end();
    expect([code, message]).toEqual(['database-too-many-connections', expect.stringContaining(`${limit} (`)]);
  });

  it('of the server', async () => {
    await place.server.sql('SET GLOBAL max_connections = 10');
    const options = await account();
    const { host, port, user } = options;
    const login = { host, port, user, password: options.password.reveal() };
    const open = [];
    for (;;) {
      const one = await createConnection(login).catch(() => undefined);
      if (!one) break;
      open.push(one);
    }
    const { code, message } = await refusal(options);
    for (const one of open) await one.end();
    expect([code, message]).toEqual(['database-too-many-connections', expect.stringContaining('max_connections')]);
  });
});

it('a read-only server is reported', async () => {
  await place.server.sql('SET GLOBAL read_only = 1');
  try {
    const { code, message } = await refusal(await account());
    expect([code, message]).toEqual(['database-read-only', expect.stringMatching(/is read-only \(read-only\)\.$/)]);
  } finally {
    await place.server.sql('SET GLOBAL read_only = 0');
  }
});

it('a failing init_connect of the server is reported as the reason', async () => {
  await place.server.sql(`SET GLOBAL init_connect = 'nonsense'`);
  try {
    expect((await refusal(await account())).message).toContain('init_connect');
  } finally {
    await place.server.sql(`SET GLOBAL init_connect = ''`);
  }
});

describe('the error numbers of servers that the tests do not have', () => {
  const target = { host: 'h', port: 3306, user: 'u', name: 'd' };
  const of = (errno: number, message: string) => refusalOf({ errno, code: 'X', message }, target);

  it.each([
    [3118, `Access denied for user 'u'@'h'. Account is locked.`, 'database-login-refused'],
    [3955, 'Access denied for user. Account is blocked.', 'database-login-refused'],
    [1129, `Host 'h' is blocked because of many connection errors`, 'database-host-refused'],
    [1130, `Host 'h' is not allowed to connect to this MySQL server`, 'database-host-refused'],
    [1053, 'Server shutdown in progress', 'database-unavailable'],
    [3032, 'The server is currently in offline mode', 'database-unavailable'],
    [1290, 'The MySQL server is running with the --super-read-only option so it cannot', 'database-read-only'],
    [1836, 'Running in read-only mode', 'database-read-only'],
    [1524, `Plugin 'ed25519' is not loaded`, 'database-login-refused'],
  ])('%d', (errno, message, code) => {
    expect(of(errno, message)?.code).toBe(code);
  });

  it('of other options and other errors are not refusals', () => {
    expect(of(1290, 'The MySQL server is running with the --skip-grant-tables option')).toBeUndefined();
    expect(of(1064, 'You have an error in your SQL syntax')).toBeUndefined();
  });

  it('do not get names that only the other product has', () => {
    const error = Object.assign(new Error('Something new'), { errno: 4199, code: 'ER_BULK_PARSER_SOMETHING' });
    expect((connectError(error, target) as Error).message).toContain('(error 4199: Something new)');
  });
});
