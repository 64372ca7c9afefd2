import type { Secret } from '@tracebloc/ingestor-contract';

const MASK = '********';
const EXCERPT_CHARACTERS = 500;

/** Keeps credentials out of what a server is quoted with, since servers and proxies may echo what they were sent. */
export class Redactor {
  readonly #secrets = new Set<string>();

  add(secret: Secret | string): void {
    const value = typeof secret === 'string' ? secret : secret.reveal();
    for (const form of [value, inJson(value), encodeURIComponent(value), inHtml(value)]) {
      if (form !== '') this.#secrets.add(form);
    }
  }

  clean(text: string): string {
    // Longest first, so that a secret that holds another leaves no remainder.
    const secrets = [...this.#secrets].sort((a, b) => b.length - a.length);
    return secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  }

  /** The text on one line, cleaned and only then capped, so that no part of a secret survives at the cut. */
  excerpt(text: string): string {
    const line = this.clean(text).replace(/\s+/g, ' ').trim();
    return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS)}…` : line;
  }
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

const inHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');
