export { createBackendClient, type BackendClientOptions } from './client.js';
export { labelForBackend } from './label.js';
export { createLocalRegistry } from './local.js';
export { DEFAULT_RETRY, type RetryNotice, type RetryPolicy } from './retry.js';
export type { Timeouts } from './http/transport.js';
export type * from './types.js';
