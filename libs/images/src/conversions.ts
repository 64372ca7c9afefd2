import type { JsonValue, Report } from '@tracebloc/ingestor-contract';
import { defineFindings } from '@tracebloc/ingestor-dataset';
import type { Header } from './jpeg-header.js';

/** Why an image cannot be stored as it is. */
export interface Refusal {
  code: 'bit-depth' | 'color-channels';
  /** What the image has. */
  value: string;
  /** Whether the option `convert` does away with it. */
  convertible: boolean;
}

/** The depth of samples that is converted: the higher 8 of 16 bits are kept. */
export const DEEP = '16 bit';

const DEPTHS: Readonly<Record<string, string>> = { ushort: DEEP, char: '8 bit, signed', short: '16 bit, signed' };
/** The colour spaces that are grey or RGB, and those that become RGB. */
const PLAIN_SPACES: readonly string[] = ['srgb', 'rgb', 'b-w', 'rgb16', 'grey16'];

/**
 * Returns what must be converted of an image, in the words of messages, and what of it is an error unless it is converted.
 * `format` is that of the content, if it is not the dataset's.
 */
export function conversionsOf(header: Header, format?: string): { conversions: string[]; refusals: Refusal[] } {
  const { depth, channels, space, pages = 1, isPalette = false } = header;
  const refusals: Refusal[] = [];
  if (depth !== 'uchar') {
    refusals.push({ code: 'bit-depth', value: DEPTHS[depth] ?? depth, convertible: depth === 'ushort' });
  }
  const kind = kindOf(header);
  if (kind) {
    const convertible = channels <= 4 && (kind !== 'other colours' || space === 'lab');
    refusals.push({ code: 'color-channels', value: kind, convertible });
  }
  const part = pages > 1 ? `${format ?? ''} of several pictures, of which the first is taken`.trim() : format;
  // Other formats with a palette, such as GIF, are decoded to its colours anyway.
  const palette = isPalette && !kind && format === undefined ? ['palette'] : [];
  return { conversions: [...(part ? [part] : []), ...refusals.map(({ value }) => value), ...palette], refusals };
}

/** Returns what an image is that is neither grey nor RGB. */
function kindOf({ channels, space }: Header): string | undefined {
  if (space === 'cmyk') return 'CMYK';
  if (!PLAIN_SPACES.includes(space)) return 'other colours';
  if (channels === 1 || channels === 3) return undefined;
  return channels === 2 ? 'grey with alpha' : 'RGB with alpha';
}

const catalogue = defineFindings({
  'converted-image': {
    severity: 'warning',
    meaning: 'Images were not as those of the dataset are, and were converted, as `spec.file_options.convert` says.',
    fix: 'Nothing, if the converted images are what training should see.',
  },
});

/** What `ConversionTally` reports. */
export const CONVERSION_FINDINGS = catalogue.list;

/** The state that one `ConversionTally` hands to another. */
export type PartialConversions = { images: number; kinds: [kind: string, count: number][] };

/** Counts the images that were converted, by what was converted of them. */
export class ConversionTally {
  #images = 0;
  readonly #kinds = new Map<string, number>();

  add({ conversions }: { conversions: readonly string[] }): void {
    if (conversions.length === 0) return;
    this.#images++;
    for (const kind of conversions) this.#add(kind, 1);
  }

  partial(): PartialConversions {
    return { images: this.#images, kinds: [...this.#kinds] };
  }

  /** Adds what another tally has counted. */
  merge(partial: JsonValue): void {
    const { images, kinds } = partial as PartialConversions;
    this.#images += images;
    for (const [kind, count] of kinds) this.#add(kind, count);
  }

  /** Reports all that was converted in one warning. `background` is what is behind transparent pixels. */
  finish(report: Report, { file, background }: { file: string; background: string }): void {
    if (this.#images === 0) return;
    const kinds = [...this.#kinds].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const list = kinds.map(([kind, count]) => `${count} ${describe(kind, background)}`).join('; ');
    const images = this.#images === 1 ? '1 image was' : `${this.#images} images were`;
    catalogue.report(report, 'converted-image', () => ({ message: `${images} converted: ${list}.`, file }));
  }

  #add(kind: string, count: number): void {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + count);
  }
}

function describe(kind: string, background: string): string {
  if (kind === DEEP) return 'of 16 bit, of which the higher 8 are kept';
  if (kind === 'palette') return 'with a palette';
  return kind.endsWith('with alpha') ? `${kind}, over ${background}` : kind;
}
