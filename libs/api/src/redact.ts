import { Mask } from '@tracebloc/ingestor-core';

const EXCERPT_CHARACTERS = 500;

/** Removes credentials from quotations of a server, since servers and proxies may echo what they received. */
export class Redactor extends Mask {
  /** Returns the text on one line. It is cleaned before it is cut, so that no part of a secret remains at the cut. */
  excerpt(text: string): string {
    const line = this.clean(text).replace(/\s+/g, ' ').trim();
    return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS)}…` : line;
  }
}
