import { Secret, type Credentials } from '@tracebloc/ingestor-core';
import { findSecret, readPassword, reportFile, shortSecretWarning, type SecretSetting } from './secrets.js';
import type { Settings } from './settings.js';

/** Reads the token, or else the id and the password. They are required if `needed`. */
export function readCredentials(settings: Settings, needed: boolean, warnings: string[]): Credentials {
  const token = findSecret(settings, 'BACKEND_TOKEN');
  if (token) return tokenFrom(settings, token, warnings);

  const username = settings.find('CLIENT_ID')?.text ?? '';
  const source = findSecret(settings, 'CLIENT_PASSWORD')?.source;
  const password = readPassword(settings, 'CLIENT_PASSWORD', 'backend.client_password');
  if (username !== '') settings.show('backend.client_id', username, 'CLIENT_ID');
  if (source !== undefined) {
    settings.show('backend.client_password', String(new Secret(password)), source);
    warnings.push(...shortSecretWarning(source, password));
  }
  if (needed) reportMissing(settings, username !== '', source !== undefined);
  return { kind: 'login', username, password: new Secret(password) };
}

function reportMissing(settings: Settings, hasId: boolean, hasPassword: boolean): void {
  if (hasId && hasPassword) return;
  const field = 'backend.credentials';
  if (hasId || hasPassword) {
    const [given, missing] = hasId ? ['CLIENT_ID', 'CLIENT_PASSWORD'] : ['CLIENT_PASSWORD', 'CLIENT_ID'];
    const message = `is not set, although ${given} is set and BACKEND_TOKEN is not`;
    settings.report(
      { source: missing, folder: settings.cwd },
      field,
      message,
      `Set ${missing}, or a BACKEND_TOKEN instead.`,
    );
    return;
  }
  const message = 'the run has no credentials: neither BACKEND_TOKEN nor CLIENT_ID and CLIENT_PASSWORD are set';
  const fix =
    'Set BACKEND_TOKEN, or CLIENT_ID and CLIENT_PASSWORD; CLIENT_ENV=local needs none. Without a cluster and a backend, `ingestor ingest --local` stores in ./.ingestor.';
  settings.report({ source: 'BACKEND_TOKEN', folder: settings.cwd }, field, message, fix);
}

function tokenFrom(settings: Settings, { source, read }: SecretSetting, warnings: string[]): Credentials {
  const usable = (): string | undefined => {
    try {
      const token = read()?.trim();
      // An HTTP header can carry visible characters only.
      return token && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
    } catch {
      return undefined;
    }
  };
  const first = usable();
  if (first === undefined) {
    if (source === 'BACKEND_TOKEN') {
      const message = 'the token contains a space or another character that is not valid in a token';
      const fix = 'Set the token as the backend issued it.';
      settings.report({ source, folder: settings.cwd }, 'backend.token', message, fix);
    } else reportFile(settings, source, 'backend.token', 'token');
  }
  warnings.push(...shortSecretWarning(source, first ?? ''));
  let token = new Secret(first ?? '');
  settings.show('backend.token', String(token), source);
  // While Kubernetes replaces a mounted Secret the file may be missing for a moment; the last token is used then.
  const reread = (): Secret => {
    const present = usable();
    if (present !== undefined && present !== token.reveal()) token = new Secret(present);
    return token;
  };
  return { kind: 'token', token, reread };
}
