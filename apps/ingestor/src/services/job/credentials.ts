import { ConfigError, resolveEnvironment } from '@tracebloc/ingestor-config';
import { SECRET_VARIABLES } from './template.js';

/** Those that are set, by their variables, to be put into a Secret. */
export function credentialsOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set = SECRET_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  return Object.fromEntries(set) as Record<string, string>;
}

/**
 * Throws a `ConfigError` where the run would miss some. `podEnv` are the pod's other variables; with `hasTokenFile` it finds
 * the backend's token in a file of its own.
 */
export function checkCredentials(
  podEnv: Readonly<Record<string, string>>,
  credentials: Readonly<Record<string, string>>,
  hasTokenFile: boolean,
): void {
  try {
    const needs = hasTokenFile ? (['database'] as const) : (['database', 'backend'] as const);
    resolveEnvironment({ ...podEnv, ...credentials }, {}, { needs });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.problems, 'missing-credentials');
  }
}
