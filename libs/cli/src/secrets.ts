import { SECRET_VARIABLES, Secret, shared } from '@tracebloc/ingestor-core';

type Env = Readonly<Record<string, string | undefined>>;

const state = shared<{ environment: Env }>('environment', () => ({ environment: process.env }));

/**
 * Removes the secrets from the environment of this process, so that neither plugins nor programs that it starts find
 * them there, and masks them in all output. Commands read them from `environment()`.
 */
export function takeSecrets(): void {
  state.environment = { ...process.env };
  for (const name of SECRET_VARIABLES) {
    const value = process.env[name];
    // The value of each Secret is masked.
    if (value !== undefined) new Secret(value);
    Reflect.deleteProperty(process.env, name);
  }
}

/** Returns the environment with which this process was started, with the secrets. */
export function environment(): Env {
  return state.environment;
}
