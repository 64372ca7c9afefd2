import { connect, isIP, type Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { ConnectionOptions } from 'mysql2';

export interface TlsTarget {
  host: string;
  port: number;
  tls?: { ca?: string };
}

/** What the driver takes for TLS. The certificate and the name in it are verified; nothing turns that off. */
export function tlsOptions({ host, port, tls }: TlsTarget): Pick<ConnectionOptions, 'ssl' | 'stream'> {
  if (!tls) return {};
  const ca = tls.ca === undefined ? undefined : [...getCACertificates(), tls.ca];
  return {
    ssl: { ca, rejectUnauthorized: true, verifyIdentity: true },
    ...(isIP(host) !== 0 && { stream: () => connectToAddress(host, port) }),
  };
}

/**
 * The driver gives Node no name to verify where the host is an address, and Node then takes the one that the socket knows
 * itself by, else "localhost", whose certificate would do for any address. A socket that connects to an address knows none.
 */
function connectToAddress(host: string, port: number): Socket {
  return Object.assign(connect(port, host).setNoDelay(true).setKeepAlive(true), { _host: host });
}
