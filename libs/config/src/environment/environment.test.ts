import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { resolveEnvironment } from './environment.js';
import { ALL, lines } from './environment.test-support.js';

describe('resolveEnvironment', () => {
  it('has the documented defaults', () => {
    const { config } = resolveEnvironment({ BACKEND_TOKEN: 't' }, {}, ALL);
    expect(config).toMatchObject({
      batchSize: 4000,
      logLevel: 'WARNING',
      storage: { path: '/data/shared', claim: 'client-pvc' },
      database: { kind: 'sqlite', file: '/data/shared/training_test_datasets.sqlite' },
      backend: { kind: 'remote', url: 'https://api.tracebloc.io', retrySeconds: 120, timeoutSeconds: 60 },
    });
    expect(config.title).toBeUndefined();
  });

  it('reads every variable', () => {
    const { config, values } = resolveEnvironment(
      {
        CLIENT_ENV: 'STG',
        CLIENT_ID: 'me',
        CLIENT_PASSWORD: 'hidden1',
        BACKEND_RETRY_SECONDS: '0',
        BACKEND_TIMEOUT_SECONDS: '300',
        CLIENT_PVC: 'claim',
        STORAGE_PATH: 'data',
        MYSQL_HOST: 'mysql-client',
        MYSQL_PORT: '3307',
        DB_USER: 'u',
        DB_PASSWORD: 'hidden2',
        DB_NAME: 'd',
        TITLE: 'My data',
        BATCH_SIZE: '10',
        LOG_LEVEL: 'debug',
      },
      {},
      ALL,
    );
    expect(config).toMatchObject({
      title: 'My data',
      batchSize: 10,
      logLevel: 'DEBUG',
      storage: { path: '/work/data', claim: 'claim' },
      database: { kind: 'mysql', host: 'mysql-client', port: 3307, user: 'u', name: 'd' },
      backend: {
        kind: 'remote',
        url: 'https://stg-api.tracebloc.io',
        retrySeconds: 0,
        timeoutSeconds: 300,
        credentials: { kind: 'login', username: 'me' },
      },
    });
    expect(config.database.kind === 'mysql' && config.database.password.reveal()).toBe('hidden2');
    expect(JSON.stringify({ config, values }) + inspect({ config, values }, { depth: 9 })).not.toContain('hidden');
    expect(values).toContainEqual({ field: 'database.password', value: '********', origin: 'DB_PASSWORD' });
    expect(values).toContainEqual({ field: 'backend.client_password', value: '********', origin: 'CLIENT_PASSWORD' });
    expect(values).toContainEqual({ field: 'batch_size', value: '10', origin: 'BATCH_SIZE' });
    expect(values).toContainEqual({
      field: 'backend.url',
      value: 'https://stg-api.tracebloc.io',
      origin: 'CLIENT_ENV',
    });
  });

  it('prefers flags, and an empty variable counts as not set', () => {
    const env = {
      CLIENT_ENV: 'local',
      BATCH_SIZE: '10',
      STORAGE_PATH: '/env',
      LOG_LEVEL: '',
      MYSQL_HOST: '',
      TITLE: '',
    };
    const { config, values } = resolveEnvironment(env, { batchSize: '20', storage: '/flag', title: 'T' }, ALL);
    expect(config).toMatchObject({
      title: 'T',
      batchSize: 20,
      logLevel: 'WARNING',
      storage: { path: '/flag' },
      database: { kind: 'sqlite' },
    });
    expect(values).toContainEqual({ field: 'batch_size', value: '20', origin: 'flag --batch-size' });
  });

  it.each(['dev', 'stg', 'prod'])('BACKEND_URL overrides the address of %s', (CLIENT_ENV) => {
    const { config } = resolveEnvironment(
      { CLIENT_ENV, BACKEND_TOKEN: 't', BACKEND_URL: 'http://127.0.0.1:8080/api/' },
      {},
      ALL,
    );
    expect(config.backend).toMatchObject({ url: 'http://127.0.0.1:8080/api' });
  });

  describe('an http:// address', () => {
    const remote = (BACKEND_URL: string) => ({ BACKEND_TOKEN: 't', BACKEND_URL });

    it.each([
      'http://backend:8000',
      'http://10.0.0.1',
      'http://127.0.0.1.example.com',
      'http://localhost.example.com/',
      'http://[::2]/',
      'HTTP://api.tracebloc.io',
      'http://128.0.0.1',
    ])('is refused, since it would send credentials: %s', (url) => {
      const [line, ...others] = lines(remote(url));
      expect(line).toMatch(/^BACKEND_URL: an http:\/\/ address would .* set BACKEND_ALLOW_HTTP=true\.$/);
      expect(others).toEqual([]);
    });

    it.each(['http://127.0.0.1:8080', 'http://127.8.9.1', 'http://localhost:1', 'http://[::1]:8080', 'http://127.1/'])(
      'is accepted for a loopback address: %s',
      (url) => {
        expect(resolveEnvironment(remote(url), {}, ALL).config.backend).toMatchObject({ kind: 'remote' });
      },
    );

    it('is accepted with BACKEND_ALLOW_HTTP=true', () => {
      const env = { ...remote('http://backend.tracebloc:8000'), BACKEND_ALLOW_HTTP: 'true' };
      expect(resolveEnvironment(env, {}, ALL).config.backend).toMatchObject({ url: 'http://backend.tracebloc:8000' });
      expect(lines({ ...env, BACKEND_ALLOW_HTTP: 'false' })[0]).toContain('BACKEND_URL: an http:// address');
      expect(lines({ ...env, BACKEND_ALLOW_HTTP: 'yes' })[1]).toContain(
        'BACKEND_ALLOW_HTTP: "yes" is not a valid value',
      );
    });
  });

  it('needs no backend and no credentials with CLIENT_ENV=local, and warns about an address', () => {
    const { config } = resolveEnvironment({ CLIENT_ENV: 'Local', BACKEND_URL: 'http://x' }, {}, ALL);
    expect(config.backend).toEqual({ kind: 'local' });
    expect(config.warnings).toEqual(['BACKEND_URL has no effect: with CLIENT_ENV=local no backend is called.']);
  });

  it.each([
    [{ BATCH_SIZE: 'abc' }, 'BATCH_SIZE: "abc" is not a valid value — Use a whole number from 1 to 10000.'],
    [{ BATCH_SIZE: '0' }, 'BATCH_SIZE: "0" is not a valid value — Use a whole number from 1 to 10000.'],
    [{ BATCH_SIZE: '10001' }, 'BATCH_SIZE: "10001" is not a valid value — Use a whole number from 1 to 10000.'],
    [{ BATCH_SIZE: '1e3' }, 'BATCH_SIZE: "1e3" is not a valid value — Use a whole number from 1 to 10000.'],
    [{ MYSQL_PORT: '65536' }, 'MYSQL_PORT: "65536" is not a valid value — Use a whole number from 1 to 65535.'],
    [
      { LOG_LEVEL: 'warn' },
      'LOG_LEVEL: "warn" is not a valid value — Use one of DEBUG, INFO, WARNING and ERROR. Did you mean WARNING?',
    ],
    [
      { CLIENT_ENV: 'prd' },
      'CLIENT_ENV: "prd" is not a valid value — Use one of dev, stg, prod and local. Did you mean prod?',
    ],
    [
      { CLIENT_ENV: 'prod', BACKEND_TOKEN: 't', BACKEND_URL: 'api.tracebloc.io' },
      'BACKEND_URL: "api.tracebloc.io" is not a valid value — Use an http:// or https:// address.',
    ],
    [
      { BACKEND_RETRY_SECONDS: '2m' },
      'BACKEND_RETRY_SECONDS: "2m" is not a valid value — Use a whole number from 0 to 86400.',
    ],
    [
      { CLIENT_ENV: 'local', BACKEND_TIMEOUT_SECONDS: '0' },
      'BACKEND_TIMEOUT_SECONDS: "0" is not a valid value — Use a whole number from 1 to 3600.',
    ],
    [{ DB_NAME: '../x' }, 'DB_NAME: "../x" is not a valid value — Use 1 to 64 letters, digits, _, $ and -.'],
    [
      { MYSQL_HOST: 'db:3306', DB_PASSWORD: 'p' },
      'MYSQL_HOST: "db:3306" is not a valid value — Use a host name or an IP address alone; set the port with MYSQL_PORT.',
    ],
    [
      { MYSQL_HOST: 'db' },
      'DB_PASSWORD: is not set, although MYSQL_HOST is set — Set DB_PASSWORD to the password of the database user, or unset MYSQL_HOST to use the embedded database.',
    ],
    [{ TITLE: 'a\nb' }, 'TITLE: "a\\nb" is not a valid value — Use a name on one line.'],
  ])('refuses %j', (env, expected) => {
    expect(lines({ CLIENT_ENV: 'local', ...env })).toEqual([expected]);
  });

  it('names a flag that is not valid', () => {
    expect(lines({ CLIENT_ENV: 'local' }, { batchSize: '-1', storage: '' })).toEqual([
      'The configuration has 2 problems:',
      'flag --batch-size: "-1" is not a valid value — Use a whole number from 1 to 10000.',
      'flag --storage: "" is not a valid value — Use the path of a folder.',
    ]);
  });

  it('requires only what is needed', () => {
    const { config, values } = resolveEnvironment({ MYSQL_HOST: 'db' }, {}, { needs: [] });
    expect(config).toMatchObject({ database: { kind: 'mysql', host: 'db' }, backend: { kind: 'remote' } });
    expect(values.map(({ field }) => field)).not.toContain('database.password');
    expect(() => resolveEnvironment({ MYSQL_HOST: 'db' })).toThrow('DB_PASSWORD');
  });

  it('is frozen', () => {
    const { config } = resolveEnvironment({ CLIENT_ENV: 'local' });
    expect(() => Object.assign(config.storage, { path: '/x' })).toThrow(TypeError);
  });
});
