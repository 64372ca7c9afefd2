export { unstorableColumns } from './dataset/column-names.js';
export { type CommentedField, CommentedMap, formatYaml } from './yaml/format.js';
export { MAX_CONFIG_BYTES } from './yaml/document.js';
export { resolveEnvironment, type EnvironmentOptions, type Need } from './environment/environment.js';
export { CONFIG_ERRORS, ConfigError, formatProblem, UnknownTaskError } from './errors.js';
export { rewriteConfig } from './yaml/rewrite.js';
export { resolveConfig } from './resolve/resolve.js';
export { API_VERSION, composeSchema, KIND, SCHEMA_ID } from './schema/compose.js';
export type * from './types.js';
