export { unstorableColumns } from './dataset/column-names.js';
export { roleOf } from './dataset/layout.js';
export {
  FILENAME_FIELD,
  FILENAME_SCHEMA,
  withLabelColumn,
  withOwnColumns,
  withStoredTypes,
} from './dataset/named-columns.js';
export { type CommentedField, CommentedMap, formatYaml } from './yaml/format.js';
export { MAX_CONFIG_BYTES } from './yaml/document.js';
export * from './environment/index.js';
export { CONFIG_ERRORS, ConfigError, formatProblem, UnknownTaskError } from './errors.js';
export { rewriteConfig } from './yaml/rewrite.js';
export { resolveConfig } from './resolve/resolve.js';
export { composeSchema } from './schema/compose.js';
export { API_VERSION, KIND, SCHEMA_ID } from './schema/fields.js';
export { type Placeholder, placeholdersOf } from './schema/placeholders.js';
export type * from './types.js';
