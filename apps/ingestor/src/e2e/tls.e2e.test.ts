import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority, serverProduct } from '@tracebloc/ingestor-testing';
import { documentOf, lastLine, type Env, GOOD_CSV, yamlOf, World } from '@tracebloc/ingestor-testing/command';

let world: World;

/** Database and backend have certificates of one private CA, and the database takes no other connections. */
beforeAll(async () => {
  const [authority, other] = await Promise.all([createAuthority(), createAuthority()]);
  const certificate = await authority.issue('IP:127.0.0.1');
  world = await World.start({ mariaDb: { tls: certificate }, backend: { tls: certificate } });
  await world.mariaDb.sql('SET GLOBAL require_secure_transport = ON');
  await world.write('ca.pem', `Ours:\n${other.ca}\n${authority.ca}`);
  await world.write('other.pem', other.ca);
  await world.write('good.csv', GOOD_CSV);
  await world.write('ingest.yaml', yamlOf());
});
afterAll(() => world.stop());

const ingest = (env: Env, ...args: string[]) =>
  world.run(['ingest', '-c', 'ingest.yaml', '--json', ...args], { ...world.remote, ...env });

describe('a private CA', () => {
  it('given with --ca or INGESTOR_CA is trusted for the backend and the database, which then uses TLS', async () => {
    const ended = await ingest({}, '--ca', 'ca.pem');
    expect(lastLine(ended)).toBe('All records processed successfully');
    expect(world.backend.tables.fresh!.labels.size).toBe(3);
    const listed = await world.run(['datasets', 'list', '--json'], { ...world.remote, INGESTOR_CA: 'ca.pem' });
    expect(documentOf(listed)).toMatchObject([{ table: 'fresh', records: 3 }]);
  });

  it('may be given to Node instead, with DB_TLS=true', async () => {
    const ended = await ingest({ NODE_EXTRA_CA_CERTS: 'ca.pem', DB_TLS: 'true' });
    expect(documentOf(ended)).toMatchObject({ outcome: 'unchanged' });
    // One that is given beside it does not take its place.
    const both = await ingest({ NODE_EXTRA_CA_CERTS: 'ca.pem' }, '--ca', 'other.pem');
    expect(documentOf(both)).toMatchObject({ outcome: 'unchanged' });
  });

  it.each([
    ['the database', {}, 'database-tls'],
    ['the backend', { MYSQL_HOST: '' }, 'backend-tls'],
  ])('that is another one ends the run before it begins: %s', async (_, env, code) => {
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
    // MariaDB refuses the login alike whatever is wrong with it; MySQL says that it wants TLS.
    const [code, fix] =
      serverProduct === 'MariaDB'
        ? ['database-login-refused', 'Set DB_TLS=true if this user must use TLS.']
        : ['database-tls', 'Set DB_TLS=true.'];
    expect(documentOf(ended)).toMatchObject({ error: { code } });
    expect(ended.stderr).toContain(fix);
  });
});
