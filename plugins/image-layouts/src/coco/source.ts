import { readSync } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { type FindingPlace, type LayoutReading, type LayoutRequest, TableError } from '@tracebloc/ingestor-contract';
import {
  type AnnotatedImage,
  type AnnotatedObject,
  type AnnotatedSource,
  type ImageFile,
  matchFiles,
} from '@tracebloc/ingestor-annotations';
import { VolumeSpeed } from '@tracebloc/ingestor-core';
import { readUprightSize } from '@tracebloc/ingestor-images';
import { type ArrangedCoco, arrange } from './arrange.js';
import { objectOf, type RawAnnotation, readShapes } from './annotation.js';
import { indexFile } from './index-file.js';
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
    return new CocoSource(file, request, arrange(index, request, reading.report, await realpath(root)));
  } catch (error) {
    await file.close();
    throw error;
  }
}

class CocoSource implements AnnotatedSource {
  readonly #speed = new VolumeSpeed();

  constructor(
    private readonly file: FileHandle,
    private readonly request: LayoutRequest,
    private readonly arranged: ArrangedCoco,
  ) {}

  get images(): readonly ImageFile[] {
    return this.arranged.images;
  }

  get classes(): readonly string[] {
    return this.arranged.classes;
  }

  pointedOf(index: number): number {
    return this.arranged.pointed[index]!;
  }

  async load(index: number): Promise<AnnotatedImage> {
    const [width, height] = [this.arranged.widths[index]!, this.arranged.heights[index]!];
    const objects = await this.#objectsOf(index);
    if (width > 0) return { width, height, objects };
    const runs = objects.find((object) => object.runs)?.runs;
    // An image without a readable header is reported by the task.
    const size = runs ?? (await readUprightSize(this.images[index]!.path)) ?? { width: 0, height: 0 };
    return { width: size.width, height: size.height, objects };
  }

  placeOf(index: number, object?: number): FindingPlace {
    const file = this.request.path;
    const annotation = object === undefined ? undefined : this.arranged.annotations.of(index)[object];
    if (annotation === undefined) return { file, row: this.arranged.elements[index]!, column: 'images' };
    return { file, row: annotation + 1, column: 'annotations' };
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** Reads a part of the file, without waiting if the volume is fast: a wait takes longer than such a part. */
  async #readPart(start: number, length: number): Promise<Buffer> {
    const { file } = this;
    const buffer = Buffer.allocUnsafe(length);
    const read = this.#speed.run(() => readSync(file.fd, buffer, 0, length, start));
    if (read !== length) await file.read(buffer, 0, length, start);
    return buffer;
  }

  /** Reads the annotations of an image, those that are near to each other together. */
  async #objectsOf(index: number): Promise<AnnotatedObject[]> {
    const { annotations, starts, lengths, categories, kinds } = this.arranged;
    const members = annotations.of(index);
    const objects: AnnotatedObject[] = [];
    for (let first = 0, after = 0; first < members.length; first = after) {
      const start = starts.at(members[first]!);
      let end = start;
      for (; after < members.length && starts.at(members[after]!) <= end + GAP; after++) {
        end = starts.at(members[after]!) + lengths.at(members[after]!);
      }
      const buffer = await this.#readPart(start, end - start);
      for (const at of members.subarray(first, after)) {
        const from = starts.at(at) - start;
        const raw = JSON.parse(buffer.toString('utf8', from, from + lengths.at(at))) as RawAnnotation;
        const { name, points } = categories[kinds[at]!]!;
        const shapes = readShapes(raw, this.request.form);
        // It was read when the file was opened. The run ends if the file has changed.
        if ('code' in shapes) throw new TableError('The file has changed while it was read.');
        objects.push(objectOf(raw, shapes, name, pointNames(points, shapes.points)));
      }
    }
    return objects;
  }
}

/** Returns the names of points, which a category need not have. */
function pointNames(names: readonly string[], points: readonly number[] = []): readonly string[] {
  return names.length > 0 ? names : Array.from({ length: points.length / 3 }, (_, at) => `point_${at + 1}`);
}
