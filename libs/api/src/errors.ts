import { STATUS_CODES } from 'node:http';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { API_ERRORS } from './catalogue.js';
import { ANSWER_BYTES } from './http/answer-body.js';
import { HEADER_BYTES, type Answer, type TransportError } from './http/transport.js';
import type { Failures } from './retry.js';

const RESUME = 'What is already committed stays: run the same command again, and it continues with what is missing.';
const CHECK_ADDRESS =
  'Check the address (CLIENT_ENV, or BACKEND_URL if it is set) and the network to it: DNS, proxy, firewall, network policy.';
const WAIT = 'Wait until the backend works again.';

const CAUSES: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed before the answer was complete',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'no connection was made in time',
  ENETUNREACH: 'there is no route to it',
  EHOSTUNREACH: 'there is no route to it',
  ERR_UPGRADE: 'it answers in another protocol than HTTP',
  ERR_PROXY_TUNNEL: 'the proxy in HTTPS_PROXY does not connect to it',
};

/** For a status that a repetition does not change. `text` is an excerpt of the answer without secrets. */
export function refused(call: string, answer: Answer, text: string): IngestorError {
  return API_ERRORS.make('backend-refused', {
    message: `The backend refused ${call} with ${status(answer)}${quoted(text)}.`,
    fix: [
      answer.status === 403
        ? 'Check that these credentials may register datasets, and that no proxy answers instead of the backend.'
        : 'Read the answer of the backend above. If it does not help, show it to tracebloc support.',
      RESUME,
    ],
  });
}

/** For a status 401 that a renewed token did not change. */
export function unauthorized(call: string, answer: Answer, text: string): IngestorError {
  return API_ERRORS.make('backend-unauthorized', {
    message: `The backend refused ${call} with ${status(answer)}, even after the token was renewed${quoted(text)}.`,
    fix: ['Set BACKEND_TOKEN to a valid token of this backend, or CLIENT_ID and CLIENT_PASSWORD.', RESUME],
  });
}

export function loginRefused(address: string, answer: Answer): IngestorError {
  return API_ERRORS.make('backend-login-refused', {
    message: `The backend at ${address} does not accept CLIENT_ID with CLIENT_PASSWORD (${status(answer)}).`,
    fix: ['Check CLIENT_ID and CLIENT_PASSWORD, and that they belong to the backend of CLIENT_ENV.', RESUME],
  });
}

export function noToken(call: string): IngestorError {
  return API_ERRORS.make('backend-no-token', {
    message: `The backend answered ${call} with JSON that contains no token.`,
    fix: CHECK_ADDRESS,
  });
}

export function badToken(): IngestorError {
  return API_ERRORS.make('backend-token-malformed', {
    message: 'The backend token is empty, or it contains a space, a line break or a character that is not ASCII.',
    fix: 'Set BACKEND_TOKEN to the token alone, without quotes and line breaks.',
  });
}

export function badAddress(problem: string): IngestorError {
  return API_ERRORS.make('backend-address', {
    message: `The address of the backend ${problem}.`,
    fix: 'Set BACKEND_URL to an address like https://api.tracebloc.io, or unset it and choose with CLIENT_ENV.',
  });
}

/** The address itself is not in the message, since it may contain a password. */
export function badProxy(variable: string): IngestorError {
  return API_ERRORS.make('proxy-address', {
    message: `The address of the proxy in ${variable} is not valid.`,
    fix: `Set ${variable} to an address like http://proxy.example.com:3128, or unset it.`,
  });
}

/** The text of the answer is not in the message, since it may contain a token in another form. */
export function notJson(call: string, answer: Answer, contentType: string): IngestorError {
  const html = /^\s*</.test(answer.body);
  return API_ERRORS.make('backend-not-json', {
    message:
      `The backend answered ${call} with ${status(answer)} but not with JSON (content type ${contentType || 'not stated'}).` +
      (html ? ' It looks like an HTML page of a proxy or a login page.' : ''),
    fix: [CHECK_ADDRESS, RESUME],
  });
}

/** For a call whose outcome is in the body, of which only a part was read. */
export function bodyTooLarge(call: string, answer: Answer): IngestorError {
  return tooLarge(call, `with ${status(answer)} and more than ${ANSWER_BYTES / 1024 ** 2} MiB`);
}

export function headersTooLarge(call: string, cause: TransportError): IngestorError {
  return tooLarge(call, `with more than ${HEADER_BYTES / 1024} KiB of headers`, cause);
}

function tooLarge(call: string, what: string, cause?: TransportError): IngestorError {
  return API_ERRORS.make('backend-answer-too-large', {
    message: `The backend answered ${call} ${what}, which is not a valid answer; the rest was not read.`,
    fix: [CHECK_ADDRESS, RESUME],
    cause,
  });
}

export function redirected(call: string, answer: Answer, target: string): IngestorError {
  return API_ERRORS.make('backend-redirected', {
    message: `The backend answered ${call} with ${status(answer)}, a redirect to ${target}. It is not followed, since it would send the credentials there.`,
    fix: ['If the backend has moved there, set BACKEND_URL to that address.', RESUME],
  });
}

/** For a status 5xx or 429 that lasted until the retries ended. */
export function unavailable(
  call: string,
  answer: Answer,
  text: string,
  failures: Failures,
  retryAfterMs?: number,
): IngestorError {
  const wait = retryAfterMs ? `; it asks to wait ${seconds(retryAfterMs)}` : '';
  return API_ERRORS.make('backend-unavailable', {
    message: `The backend answered ${call} with ${status(answer)}${after(failures)}${wait}${quoted(text)}.`,
    fix: [WAIT, RESUME],
  });
}

/** For a TLS handshake that failed, which a repetition does not change. */
export function untrusted(address: string, cause: TransportError): IngestorError {
  return API_ERRORS.make('backend-tls', {
    message: `The TLS connection to the backend at ${address} failed (${cause.code}): its certificate is not trusted, or it does not speak TLS there.`,
    fix: [
      'If the backend or a proxy has a certificate of a private CA, give the PEM file of that CA with --ca (INGESTOR_CA).',
      'Otherwise check the address (CLIENT_ENV, BACKEND_URL) and the clock of this machine.',
      RESUME,
    ],
    cause,
  });
}

/** For a call that got no answer until the retries ended. */
export function unanswered(address: string, what: string, cause: TransportError, failures: Failures): IngestorError {
  if (cause.kind === 'timeout') {
    return API_ERRORS.make('backend-timeout', {
      message: `The backend at ${address} accepted the connection but did not answer ${what} in time${after(failures)}.`,
      fix: [
        `${WAIT} With a smaller BATCH_SIZE it answers faster.`,
        'If it works but is slow, set a larger BACKEND_TIMEOUT_SECONDS.',
        RESUME,
      ],
      cause,
    });
  }
  return API_ERRORS.make('backend-unreachable', {
    message: `The backend at ${address} cannot be reached for ${what}: ${CAUSES[cause.code] ?? 'the connection failed'} (${cause.code})${after(failures)}.`,
    fix: [CHECK_ADDRESS, RESUME],
    cause,
  });
}

const status = ({ status }: Answer) => [status, STATUS_CODES[status]].filter(Boolean).join(' ');
const quoted = (text: string) => (text === '' ? '' : `: ${text}`);
const seconds = (ms: number) => `${Math.ceil(ms / 1000)} s`;
const after = ({ attempts, elapsedMs }: Failures) =>
  attempts === 1 ? '' : `, ${attempts} times within ${seconds(elapsedMs)}`;
