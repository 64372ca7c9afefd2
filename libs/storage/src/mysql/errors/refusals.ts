import type { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../../errors/catalogue.js';
import { withoutQuotes } from '../../errors/guard.js';
import { notPermitted, serverError, type ServerError, type Target } from './statement-error.js';

/** The server accepts encrypted connections only. */
const TLS_REQUIRED = 3159;
/** The driver's codes for a TLS connection that fails. */
const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT';
const TLS_FAILED = 'HANDSHAKE_SSL_ERROR';

/** Translates an error of connecting. */
export function connectError(error: unknown, target: Target): unknown {
  const server = serverError(error);
  if (!server) return error;
  const { errno, code } = server;
  if (errno === TLS_REQUIRED || code === NO_TLS || code === TLS_FAILED) return tlsError(server, target);
  return (
    refusalOf(server, target) ??
    notPermitted(server, target) ??
    STORAGE_ERRORS.make('database-unreachable', {
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
  code: Parameters<typeof STORAGE_ERRORS.make>[0];
  /** Completes the sentence that begins with the server or, if `isAccount`, with the account. */
  why: string;
  isAccount?: boolean;
  fix: string[];
}

const ALTER_USER = (user: string, what: string) => `Have an administrator run: ALTER USER '${user}'@'…' ${what};`;
const TOO_MANY = 'database-too-many-connections';
const LOGIN = 'database-login-refused';

/**
 * What a server says when it answers but refuses connections, or further ones. The numbers are MySQL's and MariaDB's,
 * which differ from 1900 on.
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
      why: `requires a login method for user "${user}" that is missing there or in this program${named(message)}`,
      fix: [ALTER_USER(user, "IDENTIFIED BY '…'")],
    }),
  ],
  [
    [1129],
    () => ({
      code: 'database-host-refused',
      why: 'has blocked this machine after many broken connections',
      fix: ['Have an administrator run: FLUSH HOSTS; (MySQL: TRUNCATE TABLE performance_schema.host_cache;)'],
    }),
  ],
  [
    [1130],
    ({ user }) => ({
      code: 'database-host-refused',
      why: `has no account for user "${user}" that may log in from this machine`,
      fix: [`Have an administrator create one: CREATE USER '${user}'@'%' IDENTIFIED BY '…';`],
    }),
  ],
  [
    [1040],
    () => ({
      code: TOO_MANY,
      why: 'has no free connection: all of its max_connections are in use',
      fix: ['Run the same command again when others have ended.', 'Raise max_connections on the server.'],
    }),
  ],
  [
    [1203, 1226],
    ({ user }, message) => ({
      code: TOO_MANY,
      why: `refuses user "${user}": the limit ${limitIn(message)} is reached`,
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
      fix: ['Run the same command again when it is running.'],
    }),
  ],
  [
    [3032],
    () => ({
      code: 'database-unavailable',
      why: 'is in offline mode',
      fix: ['Run the same command again when an administrator has turned offline_mode off.'],
    }),
  ],
  [
    [1184],
    () => ({
      code: 'database-unavailable',
      why: 'closes new connections: its init_connect fails',
      fix: ['Have an administrator correct init_connect; the server’s log has the reason.'],
    }),
  ],
  [
    [1290, 1792, 1836],
    (_, message) => ({
      code: 'database-read-only',
      why: `is read-only${optionIn(message)}`,
      fix: ['Set MYSQL_HOST to the server that accepts writes, or ask an administrator to turn read_only off.'],
    }),
  ],
];

/** Returns the error when the server or the account refuses everything; undefined when one statement is at fault. */
export function refusalOf({ errno, code, message }: ServerError, target: Target): IngestorError | undefined {
  // The driver itself does not know the method.
  const number = code === 'AUTH_SWITCH_PLUGIN_ERROR' ? 1251 : errno;
  if (number === 1290 && !/read.only/i.test(message)) return undefined;
  const refusal = REFUSALS.find(([numbers]) => numbers.includes(number))?.[1](target, message);
  if (!refusal) return undefined;
  const server = `database server at ${target.host}:${target.port}`;
  const who = refusal.isAccount ? `The account of user "${target.user}" at the ${server}` : `The ${server}`;
  return STORAGE_ERRORS.make(refusal.code, { message: `${who} ${refusal.why}.`, fix: refusal.fix });
}

/** Returns the limit as the servers name it, with its value. */
function limitIn(message: string): string {
  const [, limit, value] = /'(max_\w+)' resource \(current value: (\d+)\)/.exec(message) ?? [];
  return limit === undefined ? 'max_user_connections' : `${limit} (${value})`;
}

/** Returns the login method's name in brackets, or nothing if the message has none. */
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
  const make = (text: string, fix: string | string[]) => STORAGE_ERRORS.make('database-tls', { message: text, fix });
  if (errno === TLS_REQUIRED) return make(`${server} accepts encrypted connections only.`, 'Set DB_TLS=true.');
  if (code === NO_TLS) {
    return make(`${server} does not support TLS.`, [
      'Check MYSQL_HOST and MYSQL_PORT, or give the server a certificate (ssl_cert, ssl_key).',
      'Or set DB_TLS=false to connect without TLS: rows and password are then safe only in a network that you trust.',
    ]);
  }
  if (message.includes("does not match certificate's altnames")) {
    return make(`${server} has a certificate that is not valid for "${host}".`, [
      'Set MYSQL_HOST to a name or address in the certificate, or add this one to the certificate (subjectAltName).',
    ]);
  }
  return make(`${server} has a certificate that is not trusted, or the TLS handshake failed (${message}).`, [
    'If a private CA issued it, name the PEM file of that CA with --ca (INGESTOR_CA).',
    'Otherwise check that MYSQL_HOST names the server that you mean, and the clock of this machine.',
  ]);
}

/** `missing` are the variables with the values that the session has; `refusal` is the server's last message about them. */
export function settingRefused(
  missing: readonly { name: string; found: string }[],
  refusal: string | undefined,
  { host, port, user }: Target,
): IngestorError {
  const which = missing.map(({ name, found }) => `${name} (it is ${found === '' ? 'empty' : found})`).join(', ');
  return STORAGE_ERRORS.make('database-setting-refused', {
    message:
      `The database server at ${host}:${port} does not let user "${user}" set variables that a run needs: ${which}.` +
      (refusal === undefined ? '' : ` It says: ${withoutQuotes(refusal)}.`),
    fix: [
      'Ask an administrator to give these variables their usual values, or to let the user set them.',
      'On MySQL: GRANT SESSION_VARIABLES_ADMIN ON *.* TO the user. On MariaDB: remove --maximum-… options for them.',
    ],
  });
}

/** `limit` is in bytes; `when` ends the sentence. */
export function answerTooLarge({ host, port }: { host: string; port: number }, limit: number, when: string) {
  const size = limit < 1024 * 1024 ? `${limit / 1024} KiB` : `${limit / 1024 / 1024} MiB`;
  return STORAGE_ERRORS.make('database-answer-too-large', {
    message: `The database server at ${host}:${port} sent more than ${size} ${when}; the connection was closed.`,
    fix: [
      'Check that MYSQL_HOST and MYSQL_PORT name the server that you mean: no correct server sends that much.',
      'Set DB_TLS=true, so that nobody on the network can pose as the server.',
    ],
  });
}
