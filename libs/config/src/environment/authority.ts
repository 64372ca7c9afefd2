import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { readInputSync, UnusableInput } from '@tracebloc/ingestor-core';
import type { Settings } from './settings.js';

/** In bytes. The list of a system is many times smaller. */
const MAX_BYTES = 16 * 1024 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Returns PEM certificates to trust in addition to those of Node, or `undefined` if no file is configured. */
export function readAuthority(settings: Settings): string | undefined {
  const found = settings.find('INGESTOR_CA', 'ca');
  const file = settings.read<string | undefined>(
    'ca',
    { variable: 'INGESTOR_CA', flag: 'ca', fallback: undefined },
    (path) => {
      const absolute = resolve(settings.cwd, path);
      settings.isAbsent('ca', absolute);
      return absolute;
    },
  );
  if (!found || file === undefined || settings.isAbsent('ca', file)) return undefined;
  const report = (message: string) => settings.report(found.origin, 'ca', message, FIX);
  let text: string;
  try {
    text = readInputSync(file, { limit: MAX_BYTES, pipes: true }).toString();
  } catch (error) {
    if (!(error instanceof UnusableInput)) throw error;
    report(`the file ${error.message}`);
    return undefined;
  }
  // Other content of the file, such as a key, is ignored.
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) report('the file contains no certificate in PEM form');
  else if (!certificates.every(isCertificate)) report('the file contains a certificate that is not valid');
  return certificates.join('\n');
}

const FIX = 'Use a PEM file with the certificates of the CAs to trust, each from BEGIN CERTIFICATE to END CERTIFICATE.';

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
