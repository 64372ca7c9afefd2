import type { IngestorError, MysqlConfig } from '@tracebloc/ingestor-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority, startMariaDb, type Authority, type MariaDb } from '@tracebloc/ingestor-testing';
import type { RowDataPacket } from 'mysql2/promise';

import { openDatabase } from '../../database/open.js';
import { mysqlOptions } from '../../test-support/databases.test-support.js';
import { connect, prepareServer } from './connect.js';
import { connectError } from '../errors/refusals.js';

let authority: Authority;
let server: MariaDb;
let database: string;

beforeAll(async () => {
  authority = await createAuthority();
  server = await startMariaDb({ tls: await authority.issue('DNS:localhost,IP:127.0.0.1') });
  database = await server.createDatabase();
});
afterAll(() => server.stop());

const options = (more: Partial<MysqlConfig> = {}) =>
  mysqlOptions(server, database, { tls: { ca: authority.ca }, ...more });

async function refusal(of: MysqlConfig): Promise<IngestorError> {
  return openDatabase(of).then(
    async (db) => {
      await db.close();
      throw new Error('It was accepted.');
    },
    (error: unknown) => error as IngestorError,
  );
}

describe('a database connection with TLS', () => {
  it.each(['localhost', '127.0.0.1'])('is encrypted for the pool and the lock, at %s', async (host) => {
    const plain = await openDatabase(options({ host, tls: undefined }));
    await plain.close();
    // From now on the server accepts no other connection.
    await server.sql('SET GLOBAL require_secure_transport = ON');
    try {
      const db = await openDatabase(options({ host }));
      const lock = await db.lock('t', 'r');
      expect(await db.columnsOf('t')).toBeUndefined();
      await lock.release();
      await db.close();
      const connection = await connect(options({ host }), await prepareServer(options({ host })));
      const [[status]] = await connection.query<RowDataPacket[]>(`SHOW STATUS LIKE 'Ssl_cipher'`);
      connection.destroy();
      expect(status).toMatchObject({ Value: expect.stringMatching(/^TLS_/) });
    } finally {
      await server.sql('SET GLOBAL require_secure_transport = OFF');
    }
  });

  it('fails with a certificate of another CA, and with the usual CAs only', async () => {
    const other = await createAuthority();
    for (const tls of [{ ca: other.ca }, {}]) {
      const error = await refusal(options({ tls }));
      expect(error).toMatchObject({ code: 'database-tls', message: expect.stringContaining('is not trusted') });
      expect(error.fix[0]).toContain('--ca (INGESTOR_CA)');
    }
  });

  it('is verified even if Node is configured not to', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await refusal(options({ tls: {} }))).toMatchObject({ code: 'database-tls' });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });

  it.each([
    ['localhost', 'IP:127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', 'DNS:localhost', 'localhost'],
    ['localhost', 'DNS:db.example.com', undefined],
  ])('fails at %s with a certificate for %s', async (host, names, right) => {
    await server.useCertificate(await authority.issue(names));
    const error = await refusal(options({ host }));
    expect(error).toMatchObject({
      code: 'database-tls',
      message: `The database server at ${host}:${server.port} has a certificate that is not valid for "${host}".`,
    });
    expect(error.fix[0]).toMatch(/Set MYSQL_HOST to a name or address in the certificate/);
    if (right !== undefined) await (await openDatabase(options({ host: right }))).close();
    await server.useCertificate(await authority.issue('DNS:localhost,IP:127.0.0.1'));
  });

  it('fails if the server does not support TLS', async () => {
    const plain = await startMariaDb({ args: ['--skip-ssl'] });
    try {
      const error = await refusal(mysqlOptions(plain, database, { tls: { ca: authority.ca } }));
      expect(error).toMatchObject({ code: 'database-tls', message: expect.stringContaining('does not support TLS') });
      expect(error.fix.join()).toContain('DB_TLS=false');
    } finally {
      await plain.stop();
    }
  });
});

it('a connection without TLS to a server that requires it names the variable', async () => {
  await server.sql('SET GLOBAL require_secure_transport = ON');
  const error = await refusal(options({ tls: undefined }));
  await server.sql('SET GLOBAL require_secure_transport = OFF');
  expect(error.fix).toContain('Set DB_TLS=true if this user must use TLS.');
  // MariaDB refuses the login; MySQL has a separate error.
  const ofMysql = {
    errno: 3159,
    code: 'ER_SECURE_TRANSPORT_REQUIRED',
    message: 'Connections using insecure transport',
  };
  expect(connectError(ofMysql, options({ tls: undefined }))).toMatchObject({
    code: 'database-tls',
    fix: ['Set DB_TLS=true.'],
  });
});
