import { SECRET_VARIABLES, Secret, shared } from '@tracebloc/ingestor-core';

type Env = Readonly<Record<string, string | undefined>>;

const state = shared<{ environment: Env }>('environment', () => ({ environment: process.env }));

/**
 * Takes the secrets out of this process's environment, so that neither plugins nor programs that are started from here
 * find them there, and has them masked in all output. Commands read them from `environment()`.
 */
export function takeSecrets(): void {
  state.environment = { ...process.env };
  for (const name of SECRET_VARIABLES) {
    const value = process.env[name];
    // Whatever is a Secret is masked.
    if (value !== undefined) new Secret(value);
    Reflect.deleteProperty(process.env, name);
  }
}

/** This process's environment as it was started with, secrets included. */
export function environment(): Env {
  return state.environment;
}
