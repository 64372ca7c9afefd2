export { createBackendClient, type BackendClientOptions } from './client.js';
export { API_ERRORS } from './errors.js';
export { labelForBackend } from './label.js';
export { createLocalRegistry } from './local.js';
export type * from './types.js';
