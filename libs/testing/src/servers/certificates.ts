import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Both parts are PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** A certificate authority that no system trusts. */
export interface Authority {
  /** The PEM certificate of the authority. */
  readonly ca: string;
  /** Issues a certificate for names and addresses in the form of openssl: `DNS:localhost,IP:127.0.0.1`. */
  issue(altNames: string): Promise<Certificate>;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes a self-signed certificate for 127.0.0.1 with `openssl`, valid for a day. */
export async function selfSignedCertificate(): Promise<Certificate> {
  return request('/CN=localhost', ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']);
}

/** Makes an authority with `openssl`, whose certificates are valid for a day. */
export async function createAuthority(): Promise<Authority> {
  const own = await request('/CN=Test authority', []);
  return {
    ca: own.cert,
    issue: (altNames) => request('/CN=server', ['-addext', `subjectAltName=${altNames}`], own),
  };
}

/** Without an issuer the certificate is self-signed. */
function request(subject: string, extensions: readonly string[], issuer?: Certificate): Promise<Certificate> {
  return inFolder(async (folder) => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const signing: string[] = [];
    if (issuer) {
      const [caKey, ca] = [join(folder, 'ca-key.pem'), join(folder, 'ca.pem')];
      await Promise.all([writeFile(caKey, issuer.key), writeFile(ca, issuer.cert)]);
      signing.push('-CA', ca, '-CAkey', caKey);
    }
    await promisify(execFile)('openssl', [
      ...['req', '-x509', ...NEW_KEY, '-days', '1', '-subj', subject, ...extensions, ...signing],
      ...['-keyout', key, '-out', cert],
    ]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
