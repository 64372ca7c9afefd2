import { listNames, nearest } from '@tracebloc/ingestor-core';
import type { BackendConfig } from '../types.js';
import { quoteSafely } from '../wording.js';
import { readCredentials } from './credentials.js';
import { InvalidValueError, readBoolean, type Settings, wholeNumber } from './settings.js';

const BACKENDS: Readonly<Record<string, string | undefined>> = {
  dev: 'https://dev-api.tracebloc.io',
  stg: 'https://stg-api.tracebloc.io',
  prod: 'https://api.tracebloc.io',
  local: undefined,
};
const RETRY_SECONDS = 'BACKEND_RETRY_SECONDS';
const TIMEOUT_SECONDS = 'BACKEND_TIMEOUT_SECONDS';
const ALLOW_HTTP = 'BACKEND_ALLOW_HTTP';
/** Matches host names in the form that `URL` writes. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function readBackend(settings: Settings, needed: boolean, warnings: string[]): BackendConfig {
  const before = settings.problems.length;
  const client = settings.read('backend', { variable: 'CLIENT_ENV', fallback: 'prod' }, (text) => {
    const name = text.toLowerCase();
    if (Object.hasOwn(BACKENDS, name)) return name;
    throw new InvalidValueError(`one of ${listNames(Object.keys(BACKENDS))}`, nearest(name, Object.keys(BACKENDS)));
  });
  // With a value that is not valid it is unknown whether credentials are needed.
  const isValid = settings.problems.length === before;
  const override = readBackendUrl(settings);
  const picked = BACKENDS[client];
  const readRetrySeconds = () =>
    settings.read('backend.retry_seconds', { variable: RETRY_SECONDS, fallback: 120 }, wholeNumber(0, 86_400));
  const readTimeoutSeconds = () =>
    settings.read('backend.timeout_seconds', { variable: TIMEOUT_SECONDS, fallback: 60 }, wholeNumber(1, 3600));
  const readAllowHttp = () =>
    settings.read('backend.allow_http', { variable: ALLOW_HTTP, fallback: false }, readBoolean);
  if (picked === undefined) {
    // They have no effect, but a value that is not valid is a mistake all the same.
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
  const credentials = readCredentials(settings, needed && isValid, warnings);
  if (!readAllowHttp()) refuseHttp(settings, url);
  return { kind: 'remote', url, retrySeconds, timeoutSeconds, credentials };
}

/** Returns the address without a slash at its end. The problem does not repeat an address that may contain a secret. */
function readBackendUrl(settings: Settings): string | undefined {
  const found = settings.find('BACKEND_URL');
  if (!found) return undefined;
  const url = URL.parse(found.text.trim());
  if (url && (url.username !== '' || url.password !== '')) {
    const fix = 'Set the address alone, and the credentials as BACKEND_TOKEN, or CLIENT_ID and CLIENT_PASSWORD.';
    settings.report(found.origin, 'backend.url', 'the address contains a user name or password', fix);
    return undefined;
  }
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    // A query may contain a token.
    const shown = found.text.includes('?') ? undefined : quoteSafely(found.text);
    const message = shown === undefined ? 'the value is not valid' : `${shown} is not a valid value`;
    settings.report(found.origin, 'backend.url', message, 'Use an http:// or https:// address.');
    return undefined;
  }
  return url.href.replace(/\/+$/, '');
}

/** Without encryption, others in the network could read the token or change what is registered. */
function refuseHttp(settings: Settings, url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return;
  const message = 'an http:// address would send the credentials without encryption';
  const fix = `Use an https:// address. If you trust the network, such as that of one cluster, set ${ALLOW_HTTP}=true.`;
  settings.report({ source: 'BACKEND_URL', folder: settings.cwd }, 'backend.url', message, fix);
}
