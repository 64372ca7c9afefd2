import type { LayoutRequest, Report } from '@tracebloc/ingestor-contract';
import { annotationFindings, ClassCounts, ImageFile, JOINED_NOTE, nameFiles } from '@tracebloc/ingestor-annotations';
import { type Category, type CocoImage, type CocoIndex, SHIFT, UNREADABLE } from './index-file.js';
import { Groups, type Numbers } from './numbers.js';

/** The images of a COCO file in the order of their names, and their annotations. */
export interface ArrangedCoco {
  images: readonly ImageFile[];
  /** The numbers of their elements in the file, from 1, and their sizes in pixels, which are 0 if the file does not say. */
  elements: Uint32Array;
  widths: Uint32Array;
  heights: Uint32Array;
  /** In the order of their values in masks. */
  classes: readonly string[];
  /** The annotations of each image that are read. */
  annotations: Groups;
  /** The number of those with keypoints. */
  pointed: Uint32Array;
  /** Where each annotation is in the file, in bytes. */
  starts: Numbers;
  lengths: Numbers;
  categories: readonly Category[];
  /** The positions of the categories of the annotations in `categories`. */
  kinds: Uint32Array;
}

/** Puts images and annotations together, and reports those that do not fit. */
export function arrange(index: CocoIndex, request: LayoutRequest, report: Report, root: string): ArrangedCoco {
  const refuse = refuser(request.path, report);
  const { images, entries, ids } = arrangeImages(index.images, root, report, refuse);

  const { owners, kinds, extents, starts, lengths, categories } = index;
  for (let at = 0; at < owners.length; at++) {
    const category = categories.get(kinds.at(at));
    if (category) category.used++;
  }
  const counts = new ClassCounts(declaredIn(categories), request.options.classes as string[] | undefined);
  const list = [...categories.values()];
  const positions = new Map([...categories.keys()].map((id, at) => [id, at]));
  const kept = new Uint32Array(owners.length);
  const pointed = new Uint32Array(entries.length);
  /** Returns the image of an annotation, or -1 if the annotation is not read. */
  const ownerOf = (at: number): number => {
    if (owners.at(at) === UNREADABLE) return -1;
    const owner = ids.get(owners.at(at));
    const position = positions.get(kinds.at(at));
    const element = at + 1;
    if (owner === undefined) {
      const message = 'No entry of `images` has the id of the annotation.';
      refuse('annotation-without-image', message, element, 'annotations');
    } else if (position === undefined) {
      refuse('unknown-class', 'No entry of `categories` has the id of the annotation.', element, 'annotations');
    } else if (counts.add(list[position]!.name)) {
      const extent = extents.length > 0 ? extents.at(at) : 0;
      const message = problemOf(request.form, extent, entries[owner]!, list[position]!);
      if (message === undefined) {
        kept[at] = position;
        if (extent > 0) pointed[owner]!++;
        return owner;
      }
      refuse('invalid-annotation', message, element, 'annotations');
    }
    return -1;
  };
  const owned = new Int32Array(owners.length);
  for (let at = 0; at < owned.length; at++) owned[at] = ownerOf(at);
  const annotations = new Groups(entries.length, owned);
  counts.finish(report, request.path, request.form);
  // It holds no function: one would keep all that is known here in memory.
  return {
    images,
    elements: Uint32Array.from(entries, ({ element }) => element),
    widths: Uint32Array.from(entries, ({ width }) => width),
    heights: Uint32Array.from(entries, ({ height }) => height),
    ...{ classes: counts.names, annotations, pointed, starts, lengths, categories: list, kinds: kept },
  };
}

type Refuse = (
  code: Parameters<typeof annotationFindings.report>[1],
  message: string,
  row: number,
  column: string,
) => void;

function refuser(file: string, report: Report): Refuse {
  return (code, message, row, column) => {
    annotationFindings.report(report, code, () => ({ message, file, row, column }));
  };
}

/** Sorts images by their names. Of several with one id or path, the first is kept. `ids` has the positions by the ids. */
function arrangeImages(
  given: readonly CocoImage[],
  root: string,
  report: Report,
  refuse: Refuse,
): Pick<ArrangedCoco, 'images'> & { entries: readonly CocoImage[]; ids: ReadonlyMap<number, number> } {
  const [ids, paths] = [new Map<number, number>(), new Set<string>()];
  const kept = given.filter(({ id, path, element }) => {
    const isNew = !ids.has(id) && !paths.has(path);
    if (isNew) ids.set(id, paths.add(path).size);
    else {
      const message = `An earlier entry has the same ${ids.has(id) ? 'id' : 'file_name'}.`;
      refuse('duplicate-image-entry', message, element, 'images');
    }
    return isNew;
  });
  const { names, areJoined } = nameFiles(kept.map(({ path }) => path));
  if (areJoined) report.note?.(JOINED_NOTE);
  const order = kept.map((_entry, at) => at).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
  const entries = order.map((at) => kept[at]!);
  for (const [at, { id }] of entries.entries()) ids.set(id, at);
  return { ids, entries, images: order.map((at) => new ImageFile(names[at]!, root, kept[at]!.path)) };
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
