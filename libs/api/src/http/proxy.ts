import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Secret } from '@tracebloc/ingestor-core';
import { badProxy } from '../errors.js';

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
  const proxies = LOOPBACK.test(base.hostname) ? {} : { proxyEnv: readProxies(proxyEnv, base.protocol) };
  const options = { keepAlive: true, timeout: connectMs, ...proxies };
  try {
    return { http: new HttpAgent(options), https: new HttpsAgent(options) };
  } catch {
    // The error repeats the address, which may hold a password.
    throw badProxy(base.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  }
}

/**
 * The variables with whole addresses for the protocol's proxy: what has no scheme is an `http://` address, as curl takes it.
 * Node would ignore in silence what is neither that nor `https://`. A password in an address is masked from then on.
 */
function readProxies(
  proxyEnv: Readonly<Record<string, string | undefined>>,
  protocol: string,
): Record<string, string | undefined> {
  const read = { ...proxyEnv };
  const upper = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  for (const name of [upper, upper.toLowerCase()]) {
    const written = proxyEnv[name]?.trim();
    if (!written) continue;
    const text = written.includes('://') ? written : `http://${written.replace(/^\/\//, '')}`;
    const address = URL.parse(text);
    if (!address || !/^https?:$/.test(address.protocol)) throw badProxy(name);
    if (address.password !== '') new Secret(unescaped(address.password));
    read[name] = text;
  }
  return read;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
