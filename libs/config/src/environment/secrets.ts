import { resolve } from 'node:path';
import { fileVariable, MIN_MASKED_LENGTH, readInputSync, type SecretVariable } from '@tracebloc/ingestor-core';
import type { Settings } from './settings.js';

/** In bytes. No token or password is longer. */
const MAX_BYTES = 64 * 1024;

export interface SecretSetting {
  /** The variable that is set: that of the secret, or that of its file. */
  source: string;
  /** Returns the current value. Throws if its file cannot be read. */
  read: () => string | undefined;
}

/** Finds the secret in its variable, or in the file that its `_FILE` variable names, such as a mounted Secret. */
export function findSecret({ env, cwd }: Settings, name: SecretVariable): SecretSetting | undefined {
  if (env[name]?.trim()) return { source: name, read: () => env[name] };
  const file = env[fileVariable(name)];
  if (!file) return undefined;
  const options = { limit: MAX_BYTES, pipes: true };
  return { source: fileVariable(name), read: () => readInputSync(resolve(cwd, file), options).toString() };
}

/**
 * Returns the password in its variable or in its file, without a line break at the end of the file. It is empty if neither
 * is set. A file that cannot be read is a problem.
 */
export function readPassword(settings: Settings, name: SecretVariable, field: string): string {
  const found = findSecret(settings, name);
  if (!found) return settings.env[name] ?? '';
  if (found.source === name) return found.read()!;
  try {
    const password = found.read()!.replace(/\r?\n$/, '');
    if (password !== '') return password;
  } catch {
    // Reported below.
  }
  reportFile(settings, found.source, field, 'password');
  return '';
}

export function reportFile(settings: Settings, source: string, field: string, what: 'password' | 'token'): void {
  if (settings.isAbsent(field, resolve(settings.cwd, settings.env[source] ?? ''))) return;
  settings.report(
    { source, folder: settings.cwd },
    field,
    `the file cannot be read or contains no ${what}`,
    `Use a regular file that contains only the ${what}.`,
  );
}

/** Returns a warning about a secret that is too short to be masked, or nothing if it is long enough or empty. */
export function shortSecretWarning(source: string, secret: string): string[] {
  if (secret === '' || secret.length >= MIN_MASKED_LENGTH) return [];
  return [
    `${source} has fewer than ${MIN_MASKED_LENGTH} characters: if a server repeats it, the output cannot mask it. Use a longer one.`,
  ];
}
