import { resolve } from 'node:path';
import { fileVariable, LEAST_MASKED, readInputSync, type SecretVariable } from '@tracebloc/ingestor-core';
import type { Settings } from './settings.js';

/** In bytes; no token or password is longer, and a file that was named by mistake may be. */
const FILE_BYTES = 64 * 1024;

export interface SecretSetting {
  /** Which of the two variables it is. */
  source: string;
  /** Reads it as it is now. Throws where its file cannot be read. */
  read: () => string | undefined;
}

/** The secret in its variable, or else in the file that its other variable names (a mounted Secret). */
export function findSecret({ env, cwd }: Settings, name: SecretVariable): SecretSetting | undefined {
  if (env[name]?.trim()) return { source: name, read: () => env[name] };
  const file = env[fileVariable(name)];
  if (!file) return undefined;
  const options = { limit: FILE_BYTES, pipes: true };
  return { source: fileVariable(name), read: () => readInputSync(resolve(cwd, file), options).toString() };
}

/**
 * The password in its variable or its file, whose last line may have an end; empty where neither is set, or the file
 * cannot be read, which is a problem.
 */
export function readPassword(settings: Settings, name: SecretVariable, field: string): string {
  const found = findSecret(settings, name);
  if (!found) return settings.env[name] ?? '';
  if (found.source === name) return found.read()!;
  try {
    const password = found.read()!.replace(/\r?\n$/, '');
    if (password !== '') return password;
  } catch {
    // Told below.
  }
  reportFile(settings, found.source, field, 'password');
  return '';
}

export function reportFile(settings: Settings, source: string, field: string, what: 'password' | 'token'): void {
  settings.report(
    { source, folder: settings.cwd },
    field,
    `the file cannot be read or holds no ${what}`,
    `Name a regular file that holds the ${what} alone.`,
  );
}

/** What to tell of a secret that output cannot be kept free of; nothing for one that is long enough, or empty. */
export function shortSecretWarning(source: string, secret: string): string[] {
  if (secret === '' || secret.length >= LEAST_MASKED) return [];
  return [
    `${source} has fewer than ${LEAST_MASKED} characters: where a server repeats it, it cannot be masked in the output. A longer one can.`,
  ];
}
