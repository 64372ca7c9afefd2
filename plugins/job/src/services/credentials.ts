import { ConfigError, resolveEnvironment } from '@tracebloc/ingestor-config';
import { CREDENTIAL_VARIABLES } from './template.js';

/** Those that are set, by their variables, to be put into a Secret. */
export function credentialsOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set = CREDENTIAL_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  return Object.fromEntries(set) as Record<string, string>;
}

/** Throws a `ConfigError` where the run would miss some. `podEnv` are the pod's other variables. */
export function checkCredentials(
  podEnv: Readonly<Record<string, string>>,
  credentials: Readonly<Record<string, string>>,
): void {
  try {
    resolveEnvironment({ ...podEnv, ...credentials }, {}, { needs: ['database', 'backend'] });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.problems, 'missing-credentials');
  }
}
