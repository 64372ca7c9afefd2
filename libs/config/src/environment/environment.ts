import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { type DatabaseConfig, nearest, Secret } from '@tracebloc/ingestor-core';
import { readAuthority } from './authority.js';
import { readCredentials } from './credentials.js';
import { findSecret, readPassword, shortSecretWarning } from './secrets.js';
import { ConfigError } from '../errors.js';
import { freeze } from '../resolve/freeze.js';
import { Settings, type Env, Unparsable, wholeNumber } from './settings.js';
import { readShard } from './shard.js';
import type {
  BackendConfig,
  ConfigFlags,
  ConfigProblem,
  EnvironmentConfig,
  EnvironmentResolution,
  LogLevel,
  ResolvedValue,
} from '../types.js';
import { quoteSafely } from '../wording.js';

const BACKENDS: Readonly<Record<string, string | undefined>> = {
  dev: 'https://dev-api.tracebloc.io',
  stg: 'https://stg-api.tracebloc.io',
  prod: 'https://api.tracebloc.io',
  local: undefined,
};
const LOG_LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];
const MAX_BATCH = 10_000;
const RETRY_SECONDS = 'BACKEND_RETRY_SECONDS';
const DB_TLS = 'DB_TLS';
const ALLOW_HTTP = 'BACKEND_ALLOW_HTTP';
/** As `URL` writes a host name. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const TIMEOUT_SECONDS = 'BACKEND_TIMEOUT_SECONDS';

/** What a command is about to use, and so cannot do without. */
export type Need = 'database' | 'backend' | 'shard';

export interface EnvironmentOptions {
  /** Default: the database's password; the backend's credentials are taken where they are given. */
  needs?: readonly Need[];
  /** For relative paths; default: the process's. */
  cwd?: string;
}

/**
 * Resolves what needs no dataset: database, storage, backend, batch size and log level. `env` is kept, since a token
 * may be rotated in it while the process runs. Throws `ConfigError`.
 */
export function resolveEnvironment(
  env: Env,
  flags: ConfigFlags = {},
  { needs = ['database'], cwd = process.cwd() }: EnvironmentOptions = {},
): EnvironmentResolution {
  const problems: ConfigProblem[] = [];
  const { config, values } = readEnvironment(new Settings(env, flags, cwd, problems), needs);
  if (problems.length > 0) throw new ConfigError(problems);
  return freeze({ config, values });
}

/** As `resolveEnvironment`; what is wrong goes into the settings' problems. */
export function readEnvironment(
  settings: Settings,
  needs: readonly Need[],
): { config: EnvironmentConfig; values: ResolvedValue[] } {
  const warnings: string[] = [];
  const title = settings.read<string | undefined>(
    'title',
    { variable: 'TITLE', flag: 'title', fallback: undefined },
    readTitle,
  );
  const batchSize = settings.read(
    'batch_size',
    { variable: 'BATCH_SIZE', flag: 'batchSize', fallback: 4000 },
    wholeNumber(1, MAX_BATCH),
  );
  const logLevel = settings.read<LogLevel>(
    'log_level',
    { variable: 'LOG_LEVEL', flag: 'logLevel', fallback: 'WARNING' },
    readLogLevel,
  );
  const storage = {
    path: settings.read(
      'storage.path',
      { variable: 'STORAGE_PATH', flag: 'storage', fallback: '/data/shared' },
      (text) => {
        if (text === '' || text.includes('\0')) throw new Unparsable('the path of a folder');
        return resolve(settings.cwd, text);
      },
    ),
    claim: settings.read('storage.claim', { variable: 'CLIENT_PVC', fallback: 'client-pvc' }, String),
  };
  const ca = readAuthority(settings);
  const database = readDatabase(settings, storage.path, ca, needs.includes('database'), warnings);
  const backend = readBackend(settings, needs.includes('backend'), warnings);
  const shard = needs.includes('shard') ? readShard(settings, database.kind) : undefined;
  const config = {
    title,
    batchSize,
    logLevel,
    storage,
    ...(ca !== undefined && { ca }),
    database,
    backend,
    ...(shard && { shard }),
    warnings,
  };
  return { config, values: settings.values };
}

function readDatabase(
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
    if (/^[\p{L}\p{N}_$-]{1,64}$/u.test(text)) return text;
    throw new Unparsable('1 to 64 letters, digits, _, $ and -');
  });
  const port = wholeNumber(1, 65_535);
  // Whoever brings a CA expects that it is used.
  const readTls = () => settings.read('database.tls', { variable: DB_TLS, fallback: ca !== undefined }, readBoolean);
  if (!given) {
    // Nothing uses them, but one that cannot be parsed is a mistake all the same.
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
      'is not set, and MYSQL_HOST is',
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

function readBackend(settings: Settings, needed: boolean, warnings: string[]): BackendConfig {
  const before = settings.problems.length;
  const client = settings.read('backend', { variable: 'CLIENT_ENV', fallback: 'prod' }, (text) => {
    const name = text.toLowerCase();
    if (Object.hasOwn(BACKENDS, name)) return name;
    throw new Unparsable(Object.keys(BACKENDS).join(', '), nearest(name, Object.keys(BACKENDS)));
  });
  // Whether credentials are needed is not known of a value that is none.
  const known = settings.problems.length === before;
  const override = readBackendUrl(settings);
  const picked = BACKENDS[client];
  const readRetrySeconds = () =>
    settings.read('backend.retry_seconds', { variable: RETRY_SECONDS, fallback: 120 }, wholeNumber(0, 86_400));
  const readTimeoutSeconds = () =>
    settings.read('backend.timeout_seconds', { variable: TIMEOUT_SECONDS, fallback: 60 }, wholeNumber(1, 3600));
  const readAllowHttp = () =>
    settings.read('backend.allow_http', { variable: ALLOW_HTTP, fallback: false }, readBoolean);
  if (picked === undefined) {
    // Nothing uses them, but one that cannot be parsed is a mistake all the same.
    if (settings.find(RETRY_SECONDS)) readRetrySeconds();
    if (settings.find(TIMEOUT_SECONDS)) readTimeoutSeconds();
    if (settings.find(ALLOW_HTTP)) readAllowHttp();
    if (override !== undefined) warnings.push('BACKEND_URL has no effect: with CLIENT_ENV=local no backend is called.');
    return { kind: 'local' };
  }
  const origin = override === undefined ? (settings.find('CLIENT_ENV') ? 'CLIENT_ENV' : 'default') : 'BACKEND_URL';
  const url = override ?? picked;
  settings.show('backend.url', url, origin);
  const [retrySeconds, timeoutSeconds] = [readRetrySeconds(), readTimeoutSeconds()];
  const credentials = readCredentials(settings, needed && known, warnings);
  if (!readAllowHttp()) refuseHttp(settings, url);
  return { kind: 'remote', url, retrySeconds, timeoutSeconds, credentials };
}

/** The address without a slash at its end. One that holds a password is not repeated in the problem. */
function readBackendUrl(settings: Settings): string | undefined {
  const found = settings.find('BACKEND_URL');
  if (!found) return undefined;
  const url = URL.parse(found.text.trim());
  if (url && (url.username !== '' || url.password !== '')) {
    const fix = 'Give the address alone, and the credentials as BACKEND_TOKEN, or CLIENT_ID and CLIENT_PASSWORD.';
    settings.report(found.origin, 'backend.url', 'the address holds a user name or password', fix);
    return undefined;
  }
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    // A query may hold a token.
    const shown = found.text.includes('?') ? 'the value' : quoteSafely(found.text);
    settings.report(
      found.origin,
      'backend.url',
      `${shown} is not accepted`,
      'It takes an http:// or https:// address.',
    );
    return undefined;
  }
  return url.href.replace(/\/+$/, '');
}

/** Whoever stands between this machine and the backend could read the token, or change what is registered. */
function refuseHttp(settings: Settings, url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return;
  const message = 'an http:// address would send the credentials over the network for others to read';
  const fix = `Give an https:// address. Where the network is to be trusted, as to a Service of the same cluster, set ${ALLOW_HTTP}=true.`;
  settings.report({ source: 'BACKEND_URL', folder: settings.cwd }, 'backend.url', message, fix);
}

function readTitle(text: string): string {
  if (text !== '' && !/\p{Cc}/u.test(text)) return text;
  throw new Unparsable('a name on one line');
}

function readLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text.toUpperCase());
  if (level) return level;
  throw new Unparsable(LOG_LEVELS.join(', '), nearest(text, LOG_LEVELS));
}

function readBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw new Unparsable('true or false');
}

function readHost(text: string): string {
  if (/^[\w.-]+$/.test(text) || isIP(text) !== 0) return text;
  throw new Unparsable('a host name or an IP address alone; the port goes into MYSQL_PORT');
}
