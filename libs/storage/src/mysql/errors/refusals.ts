import { IngestorError } from '@tracebloc/ingestor-core';
import { withoutQuotes } from '../../errors/errors.js';
import { notPermitted, serverError, type ServerError, type Target } from './errors.js';

/** The server takes encrypted connections only. */
const TLS_REQUIRED = 3159;
/** Codes of the driver for a TLS connection that does not come about. */
const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT';
const TLS_FAILED = 'HANDSHAKE_SSL_ERROR';

/** For an error while connecting. */
export function connectError(error: unknown, target: Target): unknown {
  const server = serverError(error);
  if (!server) return error;
  const { errno, code } = server;
  if (errno === TLS_REQUIRED || code === NO_TLS || code === TLS_FAILED) return tlsError(server, target);
  return (
    refusalOf(server, target) ??
    notPermitted(server, target) ??
    new IngestorError({
      code: 'database-unreachable',
      message:
        `The database server at ${target.host}:${target.port} cannot be reached ` +
        `(${code}${errno > 0 ? `: ${withoutQuotes(server.message)}` : ''}).`,
      fix: [
        'Check MYSQL_HOST and MYSQL_PORT.',
        'Check that the server runs, and that it accepts connections from this machine or pod.',
      ],
    })
  );
}

interface Refusal {
  code: string;
  /** Of the sentence that begins with the server, or with the account where `isAccount` says so. */
  why: string;
  isAccount?: boolean;
  fix: string[];
}

const ALTER_USER = (user: string, what: string) => `Have an administrator run: ALTER USER '${user}'@'…' ${what};`;
const TOO_MANY = 'database-too-many-connections';
const LOGIN = 'database-login-refused';

/**
 * What a server says where it answers but lets nobody in, or no more. The numbers are MySQL's and MariaDB's, which differ
 * from 1900 on.
 */
const REFUSALS: readonly [numbers: readonly number[], explain: (target: Target, message: string) => Refusal][] = [
  [
    [1045, 1698],
    ({ user, tls }) => ({
      code: LOGIN,
      why: `refused the login of user "${user}"`,
      fix: ['Check DB_USER and DB_PASSWORD.', ...(tls ? [] : ['Set DB_TLS=true if this user must use TLS.'])],
    }),
  ],
  [
    [3118, 4151],
    ({ user }) => ({ code: LOGIN, why: 'is locked', isAccount: true, fix: [ALTER_USER(user, 'ACCOUNT UNLOCK')] }),
  ],
  [
    [3955, 4150],
    ({ user }) => ({
      code: LOGIN,
      why: 'is blocked after too many logins with a wrong password',
      isAccount: true,
      fix: ['Check DB_PASSWORD.', `${ALTER_USER(user, 'ACCOUNT UNLOCK')} On MariaDB: FLUSH PRIVILEGES;`],
    }),
  ],
  [
    [1820, 1862],
    ({ user }) => ({
      code: LOGIN,
      why: 'has a password that has expired',
      isAccount: true,
      fix: ['Give the user a new password and set DB_PASSWORD.', ALTER_USER(user, "IDENTIFIED BY '…'")],
    }),
  ],
  [
    [1251, 1524],
    ({ user }, message) => ({
      code: LOGIN,
      why: `wants the login of user "${user}" by a method that it, or this program, does not have${named(message)}`,
      fix: [ALTER_USER(user, "IDENTIFIED BY '…'")],
    }),
  ],
  [
    [1129],
    () => ({
      code: 'database-host-refused',
      why: 'has blocked this machine after many connections that broke',
      fix: ['Have an administrator run: FLUSH HOSTS; (MySQL: TRUNCATE TABLE performance_schema.host_cache;)'],
    }),
  ],
  [
    [1130],
    ({ user }) => ({
      code: 'database-host-refused',
      why: 'has no account that may log in from this machine',
      fix: [`Have an administrator create one: CREATE USER '${user}'@'%' IDENTIFIED BY '…';`],
    }),
  ],
  [
    [1040],
    () => ({
      code: TOO_MANY,
      why: 'has no connection left: all of its max_connections are in use',
      fix: ['Run the same command again when others have ended.', 'Raise max_connections on the server.'],
    }),
  ],
  [
    [1203, 1226],
    ({ user }, message) => ({
      code: TOO_MANY,
      why: `lets user "${user}" do no more: ${limitIn(message)} is reached`,
      fix: [
        'A run needs up to six connections. Run the same command again when others have ended.',
        'Raise the limit of the user (ALTER USER … WITH …) or of the server.',
      ],
    }),
  ],
  [
    [1053, 1080],
    () => ({
      code: 'database-unavailable',
      why: 'is shutting down',
      fix: ['Run the same command again when it is up.'],
    }),
  ],
  [
    [3032],
    () => ({
      code: 'database-unavailable',
      why: 'is in offline mode',
      fix: ['Run the same command again when an administrator has ended that (offline_mode).'],
    }),
  ],
  [
    [1184],
    () => ({
      code: 'database-unavailable',
      why: 'breaks off new connections: its init_connect fails',
      fix: ['Have an administrator correct init_connect; the server’s log has the reason.'],
    }),
  ],
  [
    [1290, 1792, 1836],
    (_, message) => ({
      code: 'database-read-only',
      why: `takes no changes: it is read-only${optionIn(message)}`,
      fix: ['Set MYSQL_HOST to the server that is written to, or have an administrator end read_only.'],
    }),
  ],
];

/** What the server or the account refuses as a whole; `undefined` for what is wrong with one statement. */
export function refusalOf({ errno, code, message }: ServerError, target: Target): IngestorError | undefined {
  // The driver itself does not know the method.
  const number = code === 'AUTH_SWITCH_PLUGIN_ERROR' ? 1251 : errno;
  if (number === 1290 && !/read.only/i.test(message)) return undefined;
  const refusal = REFUSALS.find(([numbers]) => numbers.includes(number))?.[1](target, message);
  if (!refusal) return undefined;
  const server = `database server at ${target.host}:${target.port}`;
  const who = refusal.isAccount ? `The account of user "${target.user}" at the ${server}` : `The ${server}`;
  return new IngestorError({ code: refusal.code, message: `${who} ${refusal.why}.`, fix: refusal.fix });
}

/** A limit as the servers name it, with its value. */
function limitIn(message: string): string {
  const [, limit, value] = /'(max_\w+)' resource \(current value: (\d+)\)/.exec(message) ?? [];
  return limit === undefined ? 'max_user_connections' : `${limit} (${value})`;
}

/** A login method's name. */
function named(message: string): string {
  const plugin = /[Pp]lugin '?([\w.-]{1,64})'?/.exec(message)?.[1];
  return plugin === undefined ? '' : ` (${plugin})`;
}

function optionIn(message: string): string {
  const option = /--([\w-]+) option/.exec(message)?.[1];
  return option === undefined ? '' : ` (${option})`;
}

function tlsError({ errno, code, message }: ServerError, { host, port }: Target): IngestorError {
  const server = `The database server at ${host}:${port}`;
  const make = (text: string, fix: string | string[]) =>
    new IngestorError({ code: 'database-tls', message: text, fix });
  if (errno === TLS_REQUIRED) return make(`${server} takes encrypted connections only.`, 'Set DB_TLS=true.');
  if (code === NO_TLS) {
    return make(`${server} does not speak TLS.`, [
      'Check MYSQL_HOST and MYSQL_PORT, or give the server a certificate (ssl_cert, ssl_key).',
      'DB_TLS=false connects without TLS: rows and password are then safe only in a network that you trust.',
    ]);
  }
  if (message.includes("does not match certificate's altnames")) {
    return make(`${server} has a certificate for other names than "${host}".`, [
      'Set MYSQL_HOST to a name or address that is in the certificate, or add this one to it (subjectAltName).',
    ]);
  }
  return make(`${server} has a certificate that is not trusted, or the TLS handshake failed (${message}).`, [
    'If it was issued by a private CA, give the PEM file of that CA with --ca (INGESTOR_CA).',
    'Otherwise check that MYSQL_HOST names the server that you mean, and the clock of this machine.',
  ]);
}

/** `missing` is what the session has not, `refusal` the server's last word on it. */
export function settingRefused(
  missing: readonly { name: string; found: string }[],
  refusal: string | undefined,
  { host, port, user }: Target,
): IngestorError {
  const which = missing.map(({ name, found }) => `${name} (it is ${found === '' ? 'empty' : found})`).join(', ');
  return new IngestorError({
    code: 'database-setting-refused',
    message:
      `The database server at ${host}:${port} does not let user "${user}" set what a run relies on: ${which}.` +
      (refusal === undefined ? '' : ` It says: ${withoutQuotes(refusal)}.`),
    fix: [
      'Have an administrator give these variables their usual values, or let the user set them.',
      'On MySQL: GRANT SESSION_VARIABLES_ADMIN ON *.* TO the user. On MariaDB: remove --maximum-… options for them.',
    ],
  });
}

/** `bytes` came `when`. */
export function answerTooLarge({ host, port }: { host: string; port: number }, limit: number, when: string) {
  const size = limit < 1024 * 1024 ? `${limit / 1024} KiB` : `${limit / 1024 / 1024} MiB`;
  return new IngestorError({
    code: 'database-answer-too-large',
    message: `The database server at ${host}:${port} sent more than ${size} ${when}; the connection was given up.`,
    fix: [
      'Check that MYSQL_HOST and MYSQL_PORT name the server that you mean: no sound one sends that much.',
      'With DB_TLS=true nobody can take its place on the way there.',
    ],
  });
}
