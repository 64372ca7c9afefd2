import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '@tracebloc/ingestor-contract';
import { type ClassMask, type ImageFile, stemOf, writePng } from '@tracebloc/ingestor-annotations';
import { readColours } from '@tracebloc/ingestor-images';

/** The classes of the VOC challenges, by their values in masks. */
const VOC_CLASSES =
  'background aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor';

/** The names of the classes by their values in masks. */
export interface LabelMap {
  names: readonly string[];
  /** The values of the colours, each as a number of 24 bits. It is absent if masks have no colours. */
  values?: ReadonlyMap<number, number>;
}

/** Reads `labelmap.txt`, as CVAT writes it. Without it the classes are those of VOC. */
export async function readLabelMap(root: string): Promise<LabelMap> {
  const text = await readFile(join(root, 'labelmap.txt'), 'utf8').catch(() => undefined);
  if (text === undefined) return { names: VOC_CLASSES.split(' ') };
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const fields = lines.map((line) => line.split(':').map((field) => field.trim()));
  // The background has the value 0, wherever it is listed.
  const isBackground = ([name]: string[]): boolean => name === 'background';
  const sorted = [...fields.filter(isBackground), ...fields.filter((field) => !isBackground(field))];
  const values = new Map(sorted.map(([, colour = ''], value) => [numberOf(colour.split(',').map(Number)), value]));
  return { names: sorted.map(([name]) => name!), values };
}

const numberOf = ([red = 0, green = 0, blue = 0]: readonly number[]): number => (red << 16) | (green << 8) | blue;

/** Where the header of a PNG has the type of its colours, and the types that have three colours. */
const COLOUR_TYPE = 25;
const COLOURED: readonly number[] = [2, 6];

/** Whether a PNG has colours instead of the values of classes. */
export async function isColoured(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(COLOUR_TYPE + 1), 0, COLOUR_TYPE + 1, 0);
    return bytesRead > COLOUR_TYPE && COLOURED.includes(buffer[COLOUR_TYPE]!);
  } finally {
    await file.close();
  }
}

/** Reads a mask of colours. `unknown` is the number of pixels with other ones, which become background. */
export async function readColouredMask(
  path: string,
  values: ReadonlyMap<number, number>,
): Promise<{ mask: ClassMask; unknown: number } | undefined> {
  const image = await readColours(path);
  if (!image) return undefined;
  const { width, height, pixels: colours } = image;
  const mask = { width, height, pixels: new Uint8Array(width * height) };
  let unknown = 0;
  for (let at = 0; at < mask.pixels.length; at++) {
    const value = values.get((colours[3 * at]! << 16) | (colours[3 * at + 1]! << 8) | colours[3 * at + 2]!);
    if (value === undefined) unknown++;
    else mask.pixels[at] = value;
  }
  return { mask, unknown };
}

/** A mask under the name that masks have in the form. */
export class MaskFile implements SourceFile {
  readonly name: string;

  constructor(private readonly file: ImageFile) {
    this.name = `${stemOf(file.name)}_mask.png`;
  }

  get shown(): string {
    return this.file.shown;
  }

  get path(): string {
    return this.file.path;
  }

  get within(): string {
    return this.file.within;
  }
}

/** A mask whose colours become the values of classes. */
export class ColouredMaskFile implements SourceFile {
  readonly name: string;

  constructor(
    private readonly file: ImageFile,
    private readonly values: ReadonlyMap<number, number>,
  ) {
    this.name = `${stemOf(file.name)}_mask.png`;
  }

  get shown(): string {
    return this.file.shown;
  }

  get path(): string {
    return `${this.file.path}#classes`;
  }

  async make(): Promise<Uint8Array> {
    const read = await readColouredMask(this.file.path, this.values);
    // It was read when the dataset was opened. Bytes that are no mask are reported by the task.
    return read ? writePng(read.mask) : new Uint8Array();
  }
}
