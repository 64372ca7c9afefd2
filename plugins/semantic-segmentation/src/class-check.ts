import type { JsonValue, Report } from '@tracebloc/ingestor-contract';
import type { FileTally } from '@tracebloc/ingestor-dataset';
import { ImageTally, type PartialImages, type ReadonlyCounts } from '@tracebloc/ingestor-images';
import { segmentationFindings } from './findings.js';
import type { SegmentationOptions } from './options.js';

/** The most values that a finding and a note list. */
const [MAX_LISTED, MAX_NOTED] = [4, 20];
/** More values that no class has are those of smoothed edges. */
const MAX_UNKNOWN = 8;

/** Reports values that no class has, and a mask of one value. */
export function checkValues(
  counts: ReadonlyCounts,
  { classes, ignore }: SegmentationOptions,
  { report, file }: { report: Report; file: string },
): void {
  const own = [...counts].filter(([value]) => value !== ignore);
  if (own.length < 2) {
    const message = own[0] ? 'All pixels of the mask have the same value.' : 'All pixels of the mask are ignored.';
    segmentationFindings.report(report, 'one-value-mask', () => ({
      message,
      file,
      value: String(own[0]?.[0] ?? ignore),
    }));
  }
  const unknown = classes ? own.filter(([value]) => classes[value] === undefined) : [];
  if (!classes || unknown.length === 0) return;
  const value = listed(
    unknown.map(([one, count]) => `${one} (${count} px)`),
    MAX_LISTED,
  );
  const message = `The mask has ${unknown.length === 1 ? 'a value' : 'values'} that no class has.`;
  const expected = [...Object.keys(classes), ...(ignore === undefined ? [] : [ignore])].join(', ');
  const fix = fixOf(
    unknown.map(([one]) => one),
    classes,
    ignore,
  );
  segmentationFindings.report(report, 'unknown-class', () => ({ message, file, value, expected, fix }));
}

function fixOf(unknown: readonly number[], classes: Readonly<Record<string, string>>, ignore?: number): string {
  const [first, ...others] = unknown;
  if (unknown.length > MAX_UNKNOWN) {
    return 'So many values come from smoothed edges, from scaling or from a photo: export the mask again as class indices, without smoothing.';
  }
  if (others.length === 0 && first === 255 && ignore === undefined) {
    return 'If pixels of 255 belong to no class, set `ignore: 255`. If they are a class, add the value to `classes`.';
  }
  const isNext = first === Object.keys(classes).length && classes[first - 1] !== undefined;
  const note = ' If its list has no name for 0, the background, put one first.';
  return `Add the value to \`classes\`, or correct the mask.${isNext && others.length === 0 ? note : ''}`;
}

function listed(texts: readonly string[], most: number): string {
  const more = texts.length > most ? [`${texts.length - most} more`] : [];
  return [...texts.slice(0, most), ...more].join(', ');
}

type PartialClasses = { images: PartialImages; values: number[]; isWhole: boolean };

/** Counts the sizes of the images, and keeps the values of all masks. */
export class ClassTally implements FileTally {
  readonly images: ImageTally;
  readonly #values = new Set<number>();
  /** Whether every mask could be read. */
  #isWhole = true;

  constructor(private readonly options: SegmentationOptions) {
    this.images = new ImageTally({ background: options.background, needsOneSize: options.fit === 'exact' });
  }

  /** Adds the values of a mask, which are undefined if it could not be read. */
  add(values: Iterable<number> | undefined): void {
    if (!values) this.#isWhole = false;
    for (const value of values ?? []) this.#values.add(value);
  }

  partial(): PartialClasses {
    return { images: this.images.partial(), values: [...this.#values], isWhole: this.#isWhole };
  }

  merge(partial: JsonValue): void {
    const { images, values, isWhole } = partial as PartialClasses;
    this.images.merge(images);
    this.add(values);
    this.#isWhole &&= isWhole;
  }

  finish(report: Report, folder: string): void {
    this.images.finish(report, folder);
    const { classes, ignore } = this.options;
    if (!this.#isWhole || this.#values.size === 0) return;
    for (const [value, name] of Object.entries(classes ?? {})) {
      // Objects may fill every image.
      if (value === '0' || this.#values.has(Number(value))) continue;
      const message = `No mask has a pixel of the class ${value}.`;
      segmentationFindings.report(report, 'class-without-pixels', () => ({ message, value: name }));
    }
    if (classes) return;
    const values = [...this.#values].filter((value) => value !== ignore).sort((a, b) => a - b);
    const list = listed(values.map(String), MAX_NOTED);
    report.note?.(`The masks have the values ${list}. Name them in \`classes\`, so that other values are found.`);
  }
}
