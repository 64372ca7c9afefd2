import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, it } from '@jest/globals';
import { resolveEnvironment } from './environment.js';
import { ConfigError } from '../errors.js';
import { useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();
const [ONE, TWO] = rootCertificates as [string, string];
const SERVER = { MYSQL_HOST: 'mysql-client', DB_PASSWORD: 'p', BACKEND_TOKEN: 't' };

function resolved(env: Record<string, string>, ca?: string) {
  const { config, values } = resolveEnvironment({ ...SERVER, ...env }, { ca }, { cwd: place.folder });
  const { database } = config;
  if (database.kind !== 'mysql') throw new Error('Another kind was asked for.');
  return { tls: database.tls, ca: config.ca, shown: values.find(({ field }) => field === 'ca') };
}

it('a configured CA is trusted for the backend and the database, which then uses TLS', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nnobody else’s\n-----END PRIVATE KEY-----';
  writeFileSync(join(place.folder, 'ca.pem'), `Two of them\n${ONE}\n${key}\n${TWO}\n`);
  const ca = `${ONE.trim()}\n${TWO.trim()}`;
  const shown = { field: 'ca', value: join(place.folder, 'ca.pem'), origin: 'INGESTOR_CA' };
  expect(resolved({ INGESTOR_CA: 'ca.pem' })).toEqual({ tls: { ca }, ca, shown });
  expect(resolved({ INGESTOR_CA: 'gone.pem' }, 'ca.pem')).toMatchObject({ ca, shown: { origin: 'flag --ca' } });
  expect(resolved({ INGESTOR_CA: 'ca.pem', DB_TLS: 'FALSE' })).toMatchObject({ tls: undefined, ca });
});

it('without a CA the database uses TLS if DB_TLS is true', () => {
  expect(resolved({})).toEqual({ tls: undefined, ca: undefined, shown: undefined });
  expect(resolved({ DB_TLS: 'true' })).toMatchObject({ tls: {}, ca: undefined });
});

it.each([
  ['', 'the file contains no certificate in PEM form'],
  [
    '-----BEGIN CERTIFICATE-----\nTm90aGluZw==\n-----END CERTIFICATE-----',
    'the file contains a certificate that is not valid',
  ],
  [undefined, 'the file does not exist'],
])('a CA file of %j is a problem that names the variable', (content, message) => {
  if (content !== undefined) writeFileSync(join(place.folder, 'bad.pem'), content);
  const problems = problemsOf({ INGESTOR_CA: content === undefined ? 'gone.pem' : 'bad.pem' });
  expect(problems).toMatchObject([{ source: 'INGESTOR_CA', field: 'ca', message }]);
});

it.each([SERVER, {}])('DB_TLS must be true or false, even if it has no effect', (env) => {
  const problems = problemsOf({ ...env, DB_TLS: 'preferred' });
  expect(problems).toMatchObject([{ source: 'DB_TLS', fix: 'Use true or false.' }]);
});

function problemsOf(env: Record<string, string>) {
  try {
    resolveEnvironment(env, {}, { cwd: place.folder });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('The environment was accepted.');
}
