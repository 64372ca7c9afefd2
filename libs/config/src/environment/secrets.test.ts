import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '@tracebloc/ingestor-core';
import { useWorkplace } from '../fake.test-support.js';
import { resolveEnvironment } from './environment.js';
import { ALL, lines } from './environment.test-support.js';

const place = useWorkplace();

describe('a secret in a file', () => {
  const options = () => ({ ...ALL, cwd: place.folder });

  it('has the same effect as one in a variable, without its line break', () => {
    place.write('db', ' hidden one \r\n');
    place.write('client', 'hidden two\n');
    const env = { MYSQL_HOST: 'db', DB_PASSWORD_FILE: 'db', CLIENT_ID: 'me', CLIENT_PASSWORD_FILE: 'client' };
    const { config, values } = resolveEnvironment(env, {}, options());
    expect(config.database.kind === 'mysql' && config.database.password.reveal()).toBe(' hidden one ');
    const credentials = config.backend.kind === 'remote' ? config.backend.credentials : undefined;
    expect(credentials?.kind === 'login' && credentials.password.reveal()).toBe('hidden two');
    expect(values).toContainEqual({ field: 'database.password', value: '********', origin: 'DB_PASSWORD_FILE' });
    const origin = 'CLIENT_PASSWORD_FILE';
    expect(values).toContainEqual({ field: 'backend.client_password', value: '********', origin });
  });

  it('is read from a pipe', async () => {
    const pipe = join(place.folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    const writer = spawn('sh', ['-c', 'echo hidden > "$0"', pipe]);
    const ended = once(writer, 'exit');
    const { config } = resolveEnvironment({ MYSQL_HOST: 'db', DB_PASSWORD_FILE: 'pipe' }, {}, { cwd: place.folder });
    await ended;
    expect(config.database.kind === 'mysql' && config.database.password.reveal()).toBe('hidden');
  });

  it.each(['none', '/dev/zero', '.', 'empty', 'large'])('is not read from %s', (file) => {
    place.write('empty', '\n');
    place.write('large', 'x'.repeat(65_537));
    const needed = { MYSQL_HOST: 'db', CLIENT_ID: 'me' };
    const env = { ...needed, DB_PASSWORD_FILE: file, CLIENT_PASSWORD_FILE: file };
    expect(lines(env, {}, options())).toEqual([
      'The configuration has 2 problems:',
      'DB_PASSWORD_FILE: the file cannot be read or contains no password — Use a regular file that contains only the password.',
      'CLIENT_PASSWORD_FILE: the file cannot be read or contains no password — Use a regular file that contains only the password.',
    ]);
    expect(lines({ BACKEND_TOKEN_FILE: file }, {}, options())).toEqual([
      'BACKEND_TOKEN_FILE: the file cannot be read or contains no token — Use a regular file that contains only the token.',
    ]);
  });
});

it('warns about secrets that are too short to be masked and does not show them', () => {
  const env = { MYSQL_HOST: 'db', DB_PASSWORD: 'q', CLIENT_ID: 'me', CLIENT_PASSWORD: '1234567' };
  const warning = (name: string) =>
    `${name} has fewer than 8 characters: if a server repeats it, the output cannot mask it. Use a longer one.`;
  expect(resolveEnvironment(env, {}, ALL).config.warnings).toEqual([
    warning('DB_PASSWORD'),
    warning('CLIENT_PASSWORD'),
  ]);
  expect(resolveEnvironment({ BACKEND_TOKEN: 't' }, {}, ALL).config.warnings).toEqual([warning('BACKEND_TOKEN')]);
  const long = { ...env, DB_PASSWORD: '12345678', CLIENT_PASSWORD: '12345678' };
  expect(resolveEnvironment(long, {}, ALL).config.warnings).toEqual([]);
});

it.each([
  [{}, 'BACKEND_TOKEN: the run has no credentials: neither BACKEND_TOKEN nor CLIENT_ID and CLIENT_PASSWORD are set'],
  [{ CLIENT_ID: 'me' }, 'CLIENT_PASSWORD: is not set, although CLIENT_ID is set'],
  [{ CLIENT_PASSWORD: 'hidden' }, 'CLIENT_ID: is not set, although CLIENT_PASSWORD is set'],
  [{ BACKEND_TOKEN: 'hidden hidden' }, 'BACKEND_TOKEN: the token contains a space'],
  [{ BACKEND_TOKEN_FILE: 'none' }, 'BACKEND_TOKEN_FILE: the file cannot be read or contains no token'],
  [
    { BACKEND_TOKEN: 't', BACKEND_URL: 'https://me:hidden@x' },
    'BACKEND_URL: the address contains a user name or password',
  ],
  [
    { BACKEND_TOKEN: 't', BACKEND_URL: 'ftp://me:hidden@x' },
    'BACKEND_URL: the address contains a user name or password',
  ],
  [{ BACKEND_TOKEN: 't', BACKEND_URL: 'https://x/?token=hidden' }, 'BACKEND_URL: the value is not valid'],
  [{ BACKEND_TOKEN: 't', MYSQL_HOST: 'mysql://me:hidden@x', DB_PASSWORD: 'p' }, 'MYSQL_HOST: the value is not valid'],
])('reports a problem of credentials without their value: %#', (env, expected) => {
  const [line, ...others] = lines(env);
  expect(line).toContain(expected);
  expect(line).not.toContain('hidden');
  expect(others).toEqual([]);
});

it('rereads a token that is rotated in the environment', () => {
  const env: Record<string, string> = { BACKEND_TOKEN: 'one\n' };
  const { config } = resolveEnvironment(env, {}, ALL);
  const credentials = config.backend.kind === 'remote' ? config.backend.credentials : undefined;
  if (credentials?.kind !== 'token') throw new Error('no token');
  expect(credentials.token.reveal()).toBe('one');
  env.BACKEND_TOKEN = 'two';
  expect(credentials.reread().reveal()).toBe('two');
  env.BACKEND_TOKEN = '';
  expect(credentials.reread().reveal()).toBe('two');
});

it('rereads a token that is rotated in its file', () => {
  place.write('token', 'one\n');
  const { config } = resolveEnvironment({ BACKEND_TOKEN_FILE: 'token' }, {}, { ...ALL, cwd: place.folder });
  const credentials = config.backend.kind === 'remote' ? config.backend.credentials : undefined;
  if (credentials?.kind !== 'token') throw new Error('no token');
  expect(credentials.token).toEqual(new Secret('one'));
  expect(credentials.token.reveal()).toBe('one');
  place.write('token', 'two\n');
  expect(credentials.reread().reveal()).toBe('two');
  place.write('token', '');
  expect(credentials.reread().reveal()).toBe('two');
});
