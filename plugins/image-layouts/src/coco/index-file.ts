import type { FileHandle } from 'node:fs/promises';
import type { DataForm, Finding, Report } from '@tracebloc/ingestor-contract';
import { annotationFindings, safePath } from '@tracebloc/ingestor-annotations';
import { MAX_PIXELS } from '@tracebloc/ingestor-images';
import { type RawAnnotation, readShapes } from './annotation.js';
import { readElements } from './elements.js';
import { Ids, Numbers } from './numbers.js';

/** An element of `images`. */
export interface CocoImage {
  id: number;
  /** Below the folder of the images, with slashes. */
  path: string;
  /** In pixels; 0 if the file does not say. */
  width: number;
  height: number;
  /** The number of the element, from 1. */
  element: number;
}

/** An element of `categories`. */
export interface Category {
  name: string;
  supercategory?: string;
  /** The names of its keypoints. */
  points: readonly string[];
  /** The number of its annotations. */
  used: number;
}

/** The elements of `annotations` by their numbers, from 0. Those that cannot be read have an image of -Infinity. */
export interface CocoIndex {
  images: CocoImage[];
  categories: Map<number, Category>;
  /** Where each annotation is in the file, in bytes. */
  starts: Numbers;
  lengths: Numbers;
  /** The ids of its image and category. */
  owners: Numbers;
  kinds: Numbers;
  /** The size of its mask in runs as `width * SHIFT + height`, or the number of its keypoints; 0 for none. Boxes have none. */
  extents: Numbers;
}

/** See `CocoIndex.extents`. */
export const SHIFT = 2 ** 26;

/** An annotation that cannot be read. */
export const UNREADABLE = -Infinity;

/** Reads a COCO file to its end, and reports the elements that cannot be read. */
export async function indexFile(
  file: FileHandle,
  { path, form }: { path: string; form: DataForm },
  report: Report,
  signal: AbortSignal,
): Promise<CocoIndex> {
  const indexer = new Indexer(path, form, report);
  for await (const elements of readElements(file, signal)) {
    for (const { key, start, length, text } of elements) {
      if (key === 'annotations') indexer.addAnnotation(start, length, text);
      else if (key === 'images') indexer.addImage(text);
      else if (key === 'categories') indexer.addCategory(text);
    }
  }
  return indexer.index;
}

/** What is wrong with an element of `images`. */
interface ImageProblem extends Pick<Finding, 'message' | 'value' | 'expected'> {
  code: 'invalid-image-entry' | 'unsafe-image-path';
}

class Indexer {
  readonly index: CocoIndex = {
    images: [],
    categories: new Map(),
    starts: new Numbers(Float64Array),
    lengths: new Numbers(Uint32Array),
    owners: new Numbers(Float64Array),
    kinds: new Numbers(Float64Array),
    extents: new Numbers(Float64Array),
  };
  readonly #imageIds = new Ids();
  readonly #categoryIds = new Ids();
  #images = 0;
  #categories = 0;

  constructor(
    private readonly file: string,
    private readonly form: DataForm,
    private readonly report: Report,
  ) {}

  addImage(text: string): void {
    const element = ++this.#images;
    const image = this.#readImage(text);
    if ('id' in image) this.index.images.push({ ...image, element });
    else {
      const { code, ...details } = image;
      const place = { file: this.file, row: element, column: 'images' };
      annotationFindings.report(this.report, code, () => ({ ...place, ...details }));
    }
  }

  #readImage(text: string): Omit<CocoImage, 'element'> | ImageProblem {
    const raw = parse(text) as { id?: unknown; file_name?: unknown; width?: unknown; height?: unknown } | undefined;
    const id = this.#imageIds.numberOf(raw?.id);
    if (!raw || id === undefined) return { code: 'invalid-image-entry', message: 'The entry has no `id`.' };
    const { file_name: name, width: w, height: h } = raw;
    if (typeof name !== 'string' || name === '') {
      return { code: 'invalid-image-entry', message: 'The entry has no `file_name`.' };
    }
    const path = safePath(name);
    if (path === undefined) {
      return { code: 'unsafe-image-path', message: 'The path is not one below a folder.', value: name };
    }
    const [width, height] = [w ?? 0, h ?? 0].map(Number) as [number, number];
    if (![width, height].every((one) => Number.isInteger(one) && one >= 0) || width * height > MAX_PIXELS) {
      const expected = `whole numbers, and at most ${MAX_PIXELS} pixels`;
      return { code: 'invalid-image-entry', message: '`width` and `height` are not those of an image.', expected };
    }
    const isKnown = width > 0 && height > 0;
    return { id, path, width: isKnown ? width : 0, height: isKnown ? height : 0 };
  }

  addCategory(text: string): void {
    const element = ++this.#categories;
    const raw = parse(text) as Record<'id' | 'name' | 'supercategory' | 'keypoints', unknown> | undefined;
    const id = this.#categoryIds.numberOf(raw?.id);
    const name = typeof raw?.name === 'number' ? String(raw.name) : raw?.name;
    if (!raw || id === undefined || typeof name !== 'string' || name.trim() === '') {
      const details = {
        message: 'The entry has no `id` or no `name`.',
        file: this.file,
        row: element,
        column: 'categories',
      };
      annotationFindings.report(this.report, 'invalid-annotation', () => details);
      return;
    }
    const { supercategory, keypoints } = raw;
    this.index.categories.set(id, {
      name,
      supercategory: typeof supercategory === 'string' ? supercategory : undefined,
      points: Array.isArray(keypoints) ? keypoints.map(String) : [],
      used: 0,
    });
  }

  addAnnotation(start: number, length: number, text: string): void {
    const { starts, lengths, owners, kinds, extents } = this.index;
    const raw = parse(text) as RawAnnotation | undefined;
    const owner = this.#imageIds.numberOf(raw?.image_id);
    const kind = this.#categoryIds.numberOf(raw?.category_id);
    let extent = 0;
    let problem: ({ code: 'invalid-annotation' | 'object-without-shape' } & Pick<Finding, 'message'>) | undefined;
    if (!raw) problem = { code: 'invalid-annotation', message: 'The annotation is not valid JSON.' };
    else if (owner === undefined)
      problem = { code: 'invalid-annotation', message: 'The annotation has no `image_id`.' };
    else if (kind === undefined)
      problem = { code: 'invalid-annotation', message: 'The annotation has no `category_id`.' };
    else {
      const shapes = readShapes(raw, this.form);
      if ('code' in shapes) problem = shapes;
      else if (shapes.runs) extent = shapes.runs.width * SHIFT + shapes.runs.height;
      else if (shapes.points) extent = shapes.points.length / 3;
    }
    if (problem) {
      const { code, ...details } = problem;
      const row = owners.length + 1;
      annotationFindings.report(this.report, code, () => ({ file: this.file, row, column: 'annotations', ...details }));
    }
    starts.push(start);
    lengths.push(length);
    owners.push(problem ? UNREADABLE : owner!);
    kinds.push(kind ?? UNREADABLE);
    if (this.form !== 'boxes') extents.push(extent);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Python writes NaN and Infinity, which JSON does not have.
    return undefined;
  }
}
