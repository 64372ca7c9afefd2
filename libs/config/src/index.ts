export { resolveEnvironment, type EnvironmentOptions, type Need } from './environment.js';
export { ConfigError, formatProblem, UnknownTaskError } from './errors.js';
export { resolveConfig } from './resolve.js';
export { composeSchema, SCHEMA_ID } from './schema.js';
export type * from './types.js';
