export type { BackendClientOptions } from './client.js';
export { API_ERRORS } from './catalogue.js';
export { labelCountsForBackend, labelForBackend } from './label.js';
export { createLocalRegistry } from './local.js';
export type * from './types.js';

/** Returns `createBackendClient`. Its HTTP client takes long to load, and runs with a local registry do without it. */
export async function loadBackendClient() {
  return (await import('./client.js')).createBackendClient;
}
