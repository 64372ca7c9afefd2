export const MASK = '********';

/** A secret with fewer characters is not masked inside a word, since it may be part of many words, as `key` is of `monkey`. */
export const MIN_MASKED_LENGTH = 8;
/** A secret with fewer characters is not masked at all: a mask in a known sentence would reveal which word is the secret. */
const MIN_MASKED_WORD_LENGTH = 4;

/** Replaces secrets with a mask, in every encoding in which programs repeat what they received. */
export class Mask {
  readonly #forms = new Set<string>();

  add(secret: string): void {
    if (secret.length < MIN_MASKED_WORD_LENGTH) return;
    for (const form of formsOf(secret)) this.#forms.add(form);
  }

  clean(text: string): string {
    // The longest comes first, so that nothing remains of a secret that contains another.
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    return forms.reduce((rest, form) => (form.length < MIN_MASKED_LENGTH ? words(rest, form) : all(rest, form)), text);
  }
}

const all = (text: string, secret: string) => text.replaceAll(secret, MASK);

const words = (text: string, secret: string) =>
  text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(secret)}(?![\\p{L}\\p{N}])`, 'gu'), MASK);

function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret.toWellFormed());
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  const json = inJson(secret);
  const base64 = Buffer.from(secret).toString('base64');
  return [
    ...[secret, json, inAscii(json), ...[json, inAscii(json)].map((text) => text.replaceAll('/', '\\/'))],
    ...[percent, form].flatMap((text) => [text, text.replace(/%../g, (code) => code.toLowerCase())]),
    ...[inHtml(secret), inHtml(secret).replaceAll('&#x27;', '&#39;')],
    ...[base64, base64.replace(/=+$/, ''), Buffer.from(secret).toString('base64url')],
  ];
}

/** Some programs write JSON in ASCII alone. */
const inAscii = (json: string) =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Node 22 has no `RegExp.escape`. */
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

const inHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');
