import type { Secret } from './secret.js';

/** What a run signs in to the backend with. `reread` returns the token's current value, since a token may be rotated. */
export type Credentials =
  { kind: 'token'; token: Secret; reread: () => Secret } | { kind: 'login'; username: string; password: Secret };
