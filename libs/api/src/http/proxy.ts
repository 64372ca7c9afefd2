import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Secret } from '@tracebloc/ingestor-core';
import { badProxy } from '../errors.js';

export interface Agents {
  http: HttpAgent;
  https: HttpsAgent;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Makes agents that connect through the proxy in HTTPS_PROXY or HTTP_PROXY, depending on the protocol of the address, unless
 * NO_PROXY names the address or it is a loopback address. Node reads the variables from 22.21 and 24.5 on; earlier versions
 * use no proxy. `connectMs` limits the wait for the proxy. Throws an `IngestorError` if the address of the proxy is not valid.
 */
export function agentsFor(
  base: URL,
  proxyEnv: Readonly<Record<string, string | undefined>>,
  connectMs: number,
): Agents {
  // This timeout is for the tunnel through the proxy; got sets those of a request.
  const proxies = LOOPBACK.test(base.hostname) ? {} : { proxyEnv: readProxies(proxyEnv, base.protocol) };
  const options = { keepAlive: true, timeout: connectMs, ...proxies };
  try {
    return { http: new HttpAgent(options), https: new HttpsAgent(options) };
  } catch {
    // The error is not the cause, since it repeats the address, which may contain a password.
    throw badProxy(base.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  }
}

/**
 * Returns the variables with complete addresses of the proxy: an address without a scheme becomes an `http://` address, as in
 * curl. Node would silently ignore any other scheme than `http://` and `https://`. A password in an address is masked from
 * now on.
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
