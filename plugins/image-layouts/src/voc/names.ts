import { type FindingPlace, TableError } from '@tracebloc/ingestor-contract';
import type { ImageFile } from '@tracebloc/ingestor-annotations';

/** Files by their names without extensions. */
export type Files = ReadonlyMap<string, ImageFile>;
/** Where each image is listed, by its name without extension. */
export type Listed = Map<string, FindingPlace>;

/** Returns the names that are listed, with those of their images, in the order of the latter. */
export function sortNames(listed: Listed, images: Files): { stem: string; name: string }[] {
  if (listed.size === 0) {
    throw new TableError('The data lists no image.', 'Choose another list with `split` in the options.');
  }
  const names = [...listed.keys()].map((stem) => ({ stem, name: images.get(stem)?.name ?? stem }));
  return names.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Yields the files of names, without those that are missing. */
export function* filesOf(names: readonly { stem: string }[], files: Files): Generator<ImageFile, void> {
  for (const { stem } of names) {
    const file = files.get(stem);
    if (file) yield file;
  }
}
