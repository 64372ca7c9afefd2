import { Mask } from '@tracebloc/ingestor-core';

const EXCERPT_CHARACTERS = 500;

/** Keeps credentials out of what a server is quoted with, since servers and proxies may echo what they were sent. */
export class Redactor extends Mask {
  /** The text on one line, cleaned and only then capped, so that no part of a secret survives at the cut. */
  excerpt(text: string): string {
    const line = this.clean(text).replace(/\s+/g, ' ').trim();
    return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS)}…` : line;
  }
}
