import { resolve } from 'node:path';
import { readInputSync, Secret, type Credentials } from '@tracebloc/ingestor-contract';
import type { Settings } from './settings.js';

/** Bytes: what fits into a header is far shorter. */
const MAX_TOKEN_BYTES = 64 * 1024;

/**
 * A ready token, from BACKEND_TOKEN or from the file that BACKEND_TOKEN_FILE names (a mounted secret), else id and
 * password. What is missing is a problem where the run needs it.
 */
export function readCredentials(settings: Settings, needed: boolean): Credentials {
  const { env, cwd } = settings;
  if (env.BACKEND_TOKEN?.trim()) return tokenFrom(settings, 'BACKEND_TOKEN', () => env.BACKEND_TOKEN);
  const file = settings.find('BACKEND_TOKEN_FILE');
  if (file) {
    const options = { limit: MAX_TOKEN_BYTES, pipes: true };
    return tokenFrom(settings, 'BACKEND_TOKEN_FILE', () => readInputSync(resolve(cwd, file.text), options).toString());
  }

  const username = settings.find('CLIENT_ID')?.text ?? '';
  const password = settings.env.CLIENT_PASSWORD ?? '';
  if (username !== '') settings.show('backend.client_id', username, 'CLIENT_ID');
  if (password !== '') settings.show('backend.client_password', String(new Secret(password)), 'CLIENT_PASSWORD');
  if (needed) reportMissing(settings, username !== '', password !== '');
  return { kind: 'login', username, password: new Secret(password) };
}

function reportMissing(settings: Settings, hasId: boolean, hasPassword: boolean): void {
  if (hasId && hasPassword) return;
  const field = 'backend.credentials';
  if (hasId || hasPassword) {
    const [given, missing] = hasId ? ['CLIENT_ID', 'CLIENT_PASSWORD'] : ['CLIENT_PASSWORD', 'CLIENT_ID'];
    const message = `is not set, though ${given} is and there is no BACKEND_TOKEN`;
    settings.report(
      { source: missing, folder: settings.cwd },
      field,
      message,
      `Set ${missing}, or a BACKEND_TOKEN instead.`,
    );
    return;
  }
  const message = 'the run has no credentials: neither BACKEND_TOKEN nor CLIENT_ID and CLIENT_PASSWORD are set';
  const fix = 'Set BACKEND_TOKEN, or CLIENT_ID and CLIENT_PASSWORD; CLIENT_ENV=local needs none.';
  settings.report({ source: 'BACKEND_TOKEN', folder: settings.cwd }, field, message, fix);
}

/** `read` gives the token's present text; it may throw. */
function tokenFrom(settings: Settings, source: string, read: () => string | undefined): Credentials {
  const usable = (): string | undefined => {
    try {
      const token = read()?.trim();
      // A header takes visible characters only.
      return token && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
    } catch {
      return undefined;
    }
  };
  const first = usable();
  if (first === undefined) {
    const message =
      source === 'BACKEND_TOKEN'
        ? 'the token has a space or other characters that no token has'
        : 'the file cannot be read or holds no token';
    settings.report(
      { source, folder: settings.cwd },
      'backend.token',
      message,
      'Give the token as the backend issued it.',
    );
  }
  let token = new Secret(first ?? '');
  settings.show('backend.token', String(token), source);
  // While a mounted secret is being replaced there may be none for a moment: the last one then stands.
  const reread = (): Secret => {
    const present = usable();
    if (present !== undefined && present !== token.reveal()) token = new Secret(present);
    return token;
  };
  return { kind: 'token', token, reread };
}
