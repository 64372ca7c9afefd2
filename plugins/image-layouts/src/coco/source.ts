import { type FileHandle, open, realpath } from 'node:fs/promises';
import { type FindingPlace, type LayoutReading, type LayoutRequest, TableError } from '@tracebloc/ingestor-contract';
import {
  type AnnotatedImage,
  type AnnotatedObject,
  type AnnotatedSource,
  annotationFindings,
  ClassCounts,
  ImageFile,
  JOINED_NOTE,
  matchFiles,
  nameFiles,
} from '@tracebloc/ingestor-annotations';
import { readUprightSize } from '@tracebloc/ingestor-images';
import { objectOf, type RawAnnotation, readShapes } from './annotation.js';
import { type Category, type CocoImage, type CocoIndex, indexFile, SHIFT } from './index-file.js';
import { Groups } from './numbers.js';
import { rootOf } from './places.js';

/** Annotations that are not farther apart in the file, in bytes, are read together. */
const GAP = 16 << 10;

/** Reads a COCO file once, and remembers where the annotations of each image are. */
export async function openCoco(request: LayoutRequest, reading: LayoutReading): Promise<AnnotatedSource> {
  const file = await open(request.path);
  try {
    const index = await indexFile(file, request, reading.report, reading.signal);
    if (index.images.length === 0) {
      throw new TableError('The file has no image.', 'Use a COCO file, which has `images`.');
    }
    const written = index.images.map((image) => image.path);
    const root = await rootOf(request, written);
    const { paths, others } = await matchFiles(root, written);
    for (const [at, path] of paths.entries()) index.images[at]!.path = path;
    if (others > 0)
      reading.report.note?.(
        `Images beside those of the file, which it does not list and which are not read: ${others}.`,
      );
    return new CocoSource(file, index, request, reading, await realpath(root));
  } catch (error) {
    await file.close();
    throw error;
  }
}

class CocoSource implements AnnotatedSource {
  readonly images: readonly ImageFile[];
  readonly classes: readonly string[];
  readonly #file: FileHandle;
  readonly #index: CocoIndex;
  readonly #request: LayoutRequest;
  /** The entries of the images, in the order of `images`. */
  readonly #entries: readonly CocoImage[];
  readonly #annotations: Groups;

  constructor(file: FileHandle, index: CocoIndex, request: LayoutRequest, { report }: LayoutReading, root: string) {
    this.#file = file;
    this.#index = index;
    this.#request = request;
    const refuse = (
      code: Parameters<typeof annotationFindings.report>[1],
      message: string,
      row: number,
      column: string,
    ) => {
      annotationFindings.report(report, code, () => ({ message, file: request.path, row, column }));
    };

    const [ids, paths] = [new Map<number, number>(), new Set<string>()];
    const entries = index.images.filter(({ id, path, element }) => {
      const isNew = !ids.has(id) && !paths.has(path);
      if (isNew) ids.set(id, paths.add(path).size);
      else
        refuse(
          'duplicate-image-entry',
          `An earlier entry has the same ${ids.has(id) ? 'id' : 'file_name'}.`,
          element,
          'images',
        );
      return isNew;
    });
    const { names, areJoined } = nameFiles(entries.map(({ path }) => path));
    if (areJoined) report.note?.(JOINED_NOTE);
    const order = entries.map((_entry, at) => at).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
    this.#entries = order.map((at) => entries[at]!);
    this.images = order.map((at) => new ImageFile(names[at]!, root, entries[at]!.path));
    for (const [at, { id }] of this.#entries.entries()) ids.set(id, at);

    const { owners, kinds, extents } = index;
    for (let at = 0; at < owners.length; at++) {
      const category = index.categories.get(kinds.at(at));
      if (category) category.used++;
    }
    const counts = new ClassCounts(declaredIn(index.categories), request.options.classes as string[] | undefined);
    this.classes = counts.names;
    const isOf = (at: number): boolean => {
      if (owners.at(at) === -Infinity) return false;
      const element = at + 1;
      const owner = ids.get(owners.at(at));
      const category = index.categories.get(kinds.at(at));
      if (owner === undefined) {
        refuse(
          'annotation-without-image',
          'No entry of `images` has the id of the annotation.',
          element,
          'annotations',
        );
      } else if (!category) {
        refuse('unknown-class', 'No entry of `categories` has the id of the annotation.', element, 'annotations');
      } else if (counts.add(category.name)) {
        const message = problemOf(request.form, extents.at(at), this.#entries[owner]!, category);
        if (message === undefined) return true;
        refuse('invalid-annotation', message, element, 'annotations');
      }
      return false;
    };
    const groups = Int32Array.from({ length: owners.length }, (_, at) => (isOf(at) ? ids.get(owners.at(at))! : -1));
    this.#annotations = new Groups(entries.length, owners.length, (at) => groups[at]!);
    counts.finish(report, request.path, request.form);
  }

  pointedOf(index: number): number {
    let count = 0;
    for (const at of this.#annotations.of(index)) if (this.#index.extents.at(at) > 0) count++;
    return count;
  }

  async load(index: number): Promise<AnnotatedImage> {
    const { width, height } = this.#entries[index]!;
    const objects = await this.#objectsOf(index);
    if (width > 0) return { width, height, objects };
    const runs = objects.find((object) => object.runs)?.runs;
    // An image without a readable header is reported by the task.
    const size = runs ?? (await readUprightSize(this.images[index]!.path)) ?? { width: 0, height: 0 };
    return { width: size.width, height: size.height, objects };
  }

  placeOf(index: number, object?: number): FindingPlace {
    const file = this.#request.path;
    const annotation = object === undefined ? undefined : this.#annotations.of(index)[object];
    if (annotation === undefined) return { file, row: this.#entries[index]!.element, column: 'images' };
    return { file, row: annotation + 1, column: 'annotations' };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Reads the annotations of an image, those that are near to each other together. */
  async #objectsOf(index: number): Promise<AnnotatedObject[]> {
    const { starts, lengths, kinds, categories } = this.#index;
    const members = this.#annotations.of(index);
    const objects: AnnotatedObject[] = [];
    for (let first = 0, after = 0; first < members.length; first = after) {
      const start = starts.at(members[first]!);
      let end = start;
      for (; after < members.length && starts.at(members[after]!) <= end + GAP; after++) {
        end = starts.at(members[after]!) + lengths.at(members[after]!);
      }
      const { buffer } = await this.#file.read(Buffer.allocUnsafe(end - start), 0, end - start, start);
      for (const at of members.subarray(first, after)) {
        const from = starts.at(at) - start;
        const raw = JSON.parse(buffer.toString('utf8', from, from + lengths.at(at))) as RawAnnotation;
        const { name, points } = categories.get(kinds.at(at))!;
        const shapes = readShapes(raw, this.#request.form);
        // It was read when the file was opened. The run ends if the file has changed.
        if ('code' in shapes) throw new TableError('The file has changed while it was read.');
        objects.push(objectOf(raw, shapes, name, pointNames(points, shapes.points)));
      }
    }
    return objects;
  }
}

/** Returns what is wrong with an annotation beside other elements of the file. */
function problemOf(
  form: string,
  extent: number,
  { width, height }: CocoImage,
  { points }: Category,
): string | undefined {
  if (extent === 0) return undefined;
  if (form === 'keypoints') {
    const isRight = points.length === 0 || points.length === extent;
    return isRight ? undefined : `The annotation has ${extent} keypoints, and its category ${points.length}.`;
  }
  const isRight = width === 0 || extent === width * SHIFT + height;
  return isRight ? undefined : 'The mask of the annotation has another size than the image.';
}

/** Returns the names of points, which a category need not have. */
function pointNames(names: readonly string[], points: readonly number[] = []): readonly string[] {
  return names.length > 0 ? names : Array.from({ length: points.length / 3 }, (_, at) => `point_${at + 1}`);
}

/**
 * Returns the names of the classes, each once. A category without annotations that others have as their supercategory is the
 * name of the dataset: Roboflow writes one.
 */
function declaredIn(categories: ReadonlyMap<number, Category>): string[] {
  const above = new Set([...categories.values()].map(({ supercategory }) => supercategory));
  const classes = [...categories.values()].filter(({ name, supercategory, used }) => {
    return used > 0 || !above.has(name) || supercategory === name;
  });
  return [...new Set(classes.map(({ name }) => name))];
}
