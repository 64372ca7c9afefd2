import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { badProxy } from './errors.js';

/** What all connections to one address are made with. */
export interface Agents {
  http: HttpAgent;
  https: HttpsAgent;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Agents that go through the proxy which HTTPS_PROXY or HTTP_PROXY name, by the address's protocol, unless NO_PROXY names the
 * address; this machine's own is never asked of a proxy. Node reads the variables, from 22.21 and 24.5 on; before that no
 * proxy is used. `connectMs` is for how long a proxy's answer is waited for. Throws an `IngestorError` for a proxy whose address cannot be read.
 */
export function agentsFor(
  base: URL,
  proxyEnv: Readonly<Record<string, string | undefined>>,
  connectMs: number,
): Agents {
  // The timeout is that of a tunnel's making; of a request, got has others.
  const options = { keepAlive: true, timeout: connectMs, ...(!LOOPBACK.test(base.hostname) && { proxyEnv }) };
  try {
    return { http: new HttpAgent(options), https: new HttpsAgent(options) };
  } catch {
    // The error repeats the address, which may hold a password.
    throw badProxy(base.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  }
}
