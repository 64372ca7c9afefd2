export { unstorableColumns } from './column-names.js';
export { type CommentedField, CommentedMap, formatYaml } from './commented-yaml.js';
export { MAX_CONFIG_BYTES } from './document.js';
export { resolveEnvironment, type EnvironmentOptions, type Need } from './environment.js';
export { ConfigError, formatProblem, UnknownTaskError } from './errors.js';
export { rewriteConfig } from './rewrite.js';
export { resolveConfig } from './resolve.js';
export { API_VERSION, composeSchema, KIND, SCHEMA_ID } from './schema.js';
export type * from './types.js';
