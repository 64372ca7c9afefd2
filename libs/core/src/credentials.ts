import type { Secret } from './secret.js';

/** What a run authenticates with at the backend. `reread` returns the token's present value: it may be rotated meanwhile. */
export type Credentials =
  { kind: 'token'; token: Secret; reread: () => Secret } | { kind: 'login'; username: string; password: Secret };
