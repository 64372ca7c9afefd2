import { connect, isIP, type Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { ConnectionOptions } from 'mysql2';

export interface TlsTarget {
  host: string;
  port: number;
  tls?: { ca?: string };
}

/** Returns the driver's options for TLS. The certificate and its name are always verified. */
export function tlsOptions({ host, port, tls }: TlsTarget): Pick<ConnectionOptions, 'ssl' | 'stream'> {
  if (!tls) return {};
  const ca = tls.ca === undefined ? undefined : [...getCACertificates(), tls.ca];
  return {
    ssl: { ca, rejectUnauthorized: true, verifyIdentity: true },
    ...(isIP(host) !== 0 && { stream: () => connectToAddress(host, port) }),
  };
}

/**
 * Connects to an address with the address as the name to verify. The driver passes Node no name for an address, and Node
 * would then verify "localhost", so that a certificate for "localhost" would be accepted for every address.
 */
function connectToAddress(host: string, port: number): Socket {
  return Object.assign(connect(port, host).setNoDelay(true).setKeepAlive(true), { _host: host });
}
