import { isIP } from 'node:net';
import { join } from 'node:path';
import { type DatabaseConfig, MAX_IDENTIFIER_LENGTH, Secret } from '@tracebloc/ingestor-core';
import { findSecret, readPassword, shortSecretWarning } from './secrets.js';
import { InvalidValueError, readBoolean, type Settings, wholeNumber } from './settings.js';

const DB_TLS = 'DB_TLS';
const DATABASE_NAME = new RegExp(`^[\\p{L}\\p{N}_$-]{1,${MAX_IDENTIFIER_LENGTH}}$`, 'u');

export function readDatabase(
  settings: Settings,
  storage: string,
  ca: string | undefined,
  needed: boolean,
  warnings: string[],
): DatabaseConfig {
  const host = settings.read<string | undefined>(
    'database.host',
    { variable: 'MYSQL_HOST', fallback: undefined },
    readHost,
  );
  const given = settings.find('MYSQL_HOST') !== undefined;
  const name = settings.read('database.name', { variable: 'DB_NAME', fallback: 'training_test_datasets' }, (text) => {
    if (DATABASE_NAME.test(text)) return text;
    throw new InvalidValueError(`1 to ${MAX_IDENTIFIER_LENGTH} letters, digits, _, $ and -`);
  });
  const port = wholeNumber(1, 65_535);
  // A configured CA is meant to be used, so it is a reason for TLS.
  const readTls = () => settings.read('database.tls', { variable: DB_TLS, fallback: ca !== undefined }, readBoolean);
  if (!given) {
    // They have no effect, but a value that is not valid is a mistake all the same.
    const written = settings.find('MYSQL_PORT');
    if (written) settings.read('database.port', { variable: 'MYSQL_PORT', fallback: 3306 }, port);
    if (settings.find(DB_TLS)) readTls();
    const file = join(storage, `${name}.sqlite`);
    settings.show('database.file', file, 'default');
    return { kind: 'sqlite', file };
  }
  const source = findSecret(settings, 'DB_PASSWORD')?.source;
  const password = readPassword(settings, 'DB_PASSWORD', 'database.password');
  if (source !== undefined) {
    settings.show('database.password', String(new Secret(password)), source);
    warnings.push(...shortSecretWarning(source, password));
  } else if (needed && password === '') {
    const fix =
      'Set DB_PASSWORD to the password of the database user, or unset MYSQL_HOST to use the embedded database.';
    settings.report(
      { source: 'DB_PASSWORD', folder: settings.cwd },
      'database.password',
      'is not set, although MYSQL_HOST is set',
      fix,
    );
  }
  return {
    kind: 'mysql',
    host: host ?? '',
    port: settings.read('database.port', { variable: 'MYSQL_PORT', fallback: 3306 }, port),
    user: settings.read('database.user', { variable: 'DB_USER', fallback: 'edgeuser' }, String),
    password: new Secret(password),
    name,
    ...(readTls() && { tls: { ca } }),
  };
}

function readHost(text: string): string {
  if (/^[\w.-]+$/.test(text) || isIP(text) !== 0) return text;
  throw new InvalidValueError('a host name or an IP address alone; set the port with MYSQL_PORT');
}
