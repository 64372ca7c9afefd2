import { STATUS_CODES } from 'node:http';
import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import { ANSWER_BYTES } from './http/answer-body.js';
import type { Failures } from './retry.js';
import { HEADER_BYTES, type Answer, type TransportFailure } from './http/transport.js';

const RESUME = 'What is already committed stays: run the same command again, and it continues with what is missing.';
const CHECK_ADDRESS =
  'Check the address (CLIENT_ENV, or BACKEND_URL when set) and what stands between: DNS, proxy, firewall, network policy.';

const CAUSES: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed before the answer was complete',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'the connection does not come about',
  ENETUNREACH: 'there is no route to it',
  EHOSTUNREACH: 'there is no route to it',
  ERR_UPGRADE: 'it answers in another protocol than HTTP',
  ERR_PROXY_TUNNEL: 'the proxy that HTTPS_PROXY names does not connect to it',
};

/** The call was answered with a status that repeating does not change. `text` has no secrets. */
export function refused(call: string, answer: Answer, text: string): IngestorError {
  return new IngestorError({
    code: 'backend-refused',
    message: `The backend refused ${call} with ${status(answer)}${quoted(text)}.`,
    fix: [
      answer.status === 403
        ? 'Check that these credentials may register datasets, and that no proxy answers in the place of the backend.'
        : 'Read what the backend says above; if it tells you nothing, show it to tracebloc support.',
      RESUME,
    ],
  });
}

export function unauthorized(call: string, answer: Answer, text: string): IngestorError {
  return new IngestorError({
    code: 'backend-unauthorized',
    message: `The backend refused ${call} with ${status(answer)}, also after the token was renewed${quoted(text)}.`,
    fix: ['Set BACKEND_TOKEN to a valid token of this backend, or CLIENT_ID and CLIENT_PASSWORD.', RESUME],
  });
}

export function loginRefused(address: string, answer: Answer): IngestorError {
  return new IngestorError({
    code: 'backend-login-refused',
    message: `The backend at ${address} does not accept CLIENT_ID with CLIENT_PASSWORD (${status(answer)}).`,
    fix: ['Check CLIENT_ID and CLIENT_PASSWORD, and that they belong to the backend that CLIENT_ENV picks.', RESUME],
  });
}

export function noToken(call: string): IngestorError {
  return new IngestorError({
    code: 'backend-no-token',
    message: `The backend answered ${call} with JSON that holds no token.`,
    fix: CHECK_ADDRESS,
  });
}

export function badToken(): IngestorError {
  return new IngestorError({
    code: 'backend-token-malformed',
    message: 'The backend token is empty or holds a space, a line break or a character that is not ASCII.',
    fix: 'Set BACKEND_TOKEN to the token alone, without quotes and line breaks.',
    exitCode: ExitCode.usage,
  });
}

export function badAddress(problem: string): IngestorError {
  return new IngestorError({
    code: 'backend-address',
    message: `The backend's address ${problem}.`,
    fix: 'Set BACKEND_URL to an address like https://api.tracebloc.io, or leave it empty and choose with CLIENT_ENV.',
    exitCode: ExitCode.usage,
  });
}

export function badProxy(variable: string): IngestorError {
  return new IngestorError({
    code: 'proxy-address',
    message: `The address of the proxy, in ${variable}, cannot be read.`,
    fix: `Set ${variable} to an address like http://proxy.example.com:3128, or unset it.`,
    exitCode: ExitCode.usage,
  });
}

/** The answer's text is not shown: what should have held a token may hold it in another form. */
export function notJson(call: string, answer: Answer, contentType: string): IngestorError {
  const html = /^\s*</.test(answer.body);
  return new IngestorError({
    code: 'backend-not-json',
    message:
      `The backend answered ${call} with ${status(answer)} but not with JSON (content type ${contentType || 'not stated'}).` +
      (html ? ' It looks like an HTML page, such as a proxy or a login page sends.' : ''),
    fix: [CHECK_ADDRESS, RESUME],
  });
}

/** For a call whose outcome is in the body. The rest of the body was not read. */
export function bodyTooLarge(call: string, answer: Answer): IngestorError {
  return tooLarge(
    call,
    `with ${status(answer)} and more than ${ANSWER_BYTES / 1024 ** 2} MiB, which is no answer to it`,
  );
}

export function headersTooLarge(call: string, cause: TransportFailure): IngestorError {
  return tooLarge(call, `with more than ${HEADER_BYTES / 1024} KiB of headers`, cause);
}

function tooLarge(call: string, what: string, cause?: TransportFailure): IngestorError {
  return new IngestorError({
    code: 'backend-answer-too-large',
    message: `The backend answered ${call} ${what}; the rest was not read.`,
    fix: [CHECK_ADDRESS, RESUME],
    cause,
  });
}

export function redirected(call: string, answer: Answer, target: string): IngestorError {
  return new IngestorError({
    code: 'backend-redirected',
    message: `The backend answered ${call} with ${status(answer)}, a redirect to ${target}. It is not followed, since the credentials would go along.`,
    fix: ['If the backend has moved there, set BACKEND_URL to that address.', RESUME],
  });
}

/** 5xx or 429 to the end. */
export function unavailable(
  call: string,
  answer: Answer,
  text: string,
  failures: Failures,
  retryAfterMs?: number,
): IngestorError {
  const patience = retryAfterMs ? `; it asks to wait ${seconds(retryAfterMs)}` : '';
  return new IngestorError({
    code: 'backend-unavailable',
    message: `The backend answered ${call} with ${status(answer)}${after(failures)}${patience}${quoted(text)}.`,
    fix: ['Wait until the backend is well again.', RESUME],
  });
}

/** The TLS handshake failed, which repeating does not change. */
export function untrusted(address: string, failure: TransportFailure): IngestorError {
  return new IngestorError({
    code: 'backend-tls',
    message: `The TLS connection to the backend at ${address} failed (${failure.code}): its certificate is not trusted, or it does not speak TLS there.`,
    fix: [
      'If the backend or a proxy has a certificate of a private CA, give the PEM file of that CA with --ca (INGESTOR_CA).',
      'Otherwise check that the address (CLIENT_ENV, BACKEND_URL) is right, and the clock of this machine.',
      RESUME,
    ],
    cause: failure,
  });
}

/** No answer to the end. */
export function unreachable(
  address: string,
  what: string,
  failure: TransportFailure,
  failures: Failures,
): IngestorError {
  const { kind, code } = failure;
  if (kind === 'timeout') {
    return new IngestorError({
      code: 'backend-timeout',
      message: `The backend at ${address} took the connection but did not answer ${what} in time${after(failures)}.`,
      fix: [
        'Wait until the backend is well again; a smaller BATCH_SIZE makes its answers faster.',
        'Where it is slow but well, a larger BACKEND_TIMEOUT_SECONDS gives it more time.',
        RESUME,
      ],
      cause: failure,
    });
  }
  return new IngestorError({
    code: 'backend-unreachable',
    message: `The backend at ${address} cannot be reached for ${what}: ${CAUSES[code] ?? 'the connection failed'} (${code})${after(failures)}.`,
    fix: [CHECK_ADDRESS, RESUME],
    cause: failure,
  });
}

const status = ({ status }: Answer) => [status, STATUS_CODES[status]].filter(Boolean).join(' ');
const quoted = (text: string) => (text === '' ? '' : `: ${text}`);
const seconds = (ms: number) => `${Math.ceil(ms / 1000)} s`;
const after = ({ attempts, elapsedMs }: Failures) =>
  attempts === 1 ? '' : `, ${attempts} times within ${seconds(elapsedMs)}`;
