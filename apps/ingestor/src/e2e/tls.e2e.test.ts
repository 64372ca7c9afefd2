import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority, serverProduct } from '@tracebloc/ingestor-testing';
import { documentOf, lastLine, type Env, GOOD_CSV, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';

let world: World;
let session: CommandSession;

// Database and backend have certificates of one private CA, and the database accepts only connections with TLS.
beforeAll(async () => {
  const [authority, other] = await Promise.all([createAuthority(), createAuthority()]);
  const certificate = await authority.issue('IP:127.0.0.1');
  world = await World.start({ mariaDb: { tls: certificate }, backend: { tls: certificate } });
  session = new CommandSession(world.folder);
  await world.mariaDb.sql('SET GLOBAL require_secure_transport = ON');
  await world.write('ca.pem', `Ours:\n${other.ca}\n${authority.ca}`);
  await world.write('other.pem', other.ca);
  await world.write('good.csv', GOOD_CSV);
  await world.write('ingest.yaml', yamlOf());
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

const argsOf = (...args: string[]) => ['ingest', '-c', 'ingest.yaml', '--json', ...args];
const ingest = (env: Env, ...args: string[]) => session.run(argsOf(...args), { ...world.remote, ...env });

describe('a private CA', () => {
  it('from --ca or INGESTOR_CA is trusted for the backend and the database, which then uses TLS', async () => {
    const ended = await ingest({}, '--ca', 'ca.pem');
    expect(lastLine(ended)).toBe('All records processed successfully');
    expect(world.backend.tables.fresh!.labels.size).toBe(3);
    const listed = await session.run(['datasets', 'list', '--json'], { ...world.remote, INGESTOR_CA: 'ca.pem' });
    expect(documentOf(listed)).toMatchObject([{ table: 'fresh', records: 3 }]);
  });

  it('from NODE_EXTRA_CA_CERTS is trusted too, with DB_TLS=true or beside another of --ca', async () => {
    // Node reads this variable only as it starts.
    const env = { ...world.remote, NODE_EXTRA_CA_CERTS: 'ca.pem' };
    const ended = await Promise.all([
      world.run(argsOf('--wait'), { ...env, DB_TLS: 'true' }),
      world.run(argsOf('--ca', 'other.pem', '--wait'), env),
    ]);
    for (const one of ended) expect(documentOf(one)).toMatchObject({ outcome: 'unchanged' });
  });

  it.each([
    ['the database', {}, 'database-tls'],
    ['the backend', { MYSQL_HOST: '' }, 'backend-tls'],
  ])('that did not issue the certificate of %s ends the run before it begins', async (_, env, code) => {
    const ended = await ingest({ ...env, NODE_TLS_REJECT_UNAUTHORIZED: '0' }, '--ca', 'other.pem');
    expect(ended).toMatchObject({ code: 1 });
    expect(documentOf(ended)).toMatchObject({
      error: {
        code,
        fix: [
          expect.stringContaining('--ca (INGESTOR_CA)'),
          expect.anything(),
          ...(code === 'backend-tls' ? [expect.anything()] : []),
        ],
      },
    });
  });

  it('does not mean TLS for the database with DB_TLS=false', async () => {
    const ended = await ingest({ DB_TLS: 'false' }, '--ca', 'ca.pem');
    // MariaDB refuses every login in the same way, and MySQL says that it wants TLS.
    const [code, fix] =
      serverProduct === 'MariaDB'
        ? ['database-login-refused', 'Set DB_TLS=true if this user must use TLS.']
        : ['database-tls', 'Set DB_TLS=true.'];
    expect(documentOf(ended)).toMatchObject({ error: { code } });
    expect(ended.stderr).toContain(fix);
  });
});
