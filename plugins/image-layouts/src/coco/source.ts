import { open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type FindingPlace,
  type LayoutReading,
  type LayoutRequest,
  type SourceFile,
  TableError,
} from '@tracebloc/ingestor-contract';
import type { AnnotatedImage, AnnotatedObject, AnnotatedSource } from '@tracebloc/ingestor-annotations';
import { readElements } from './elements.js';
import { imageRoot } from './places.js';

interface CocoImage {
  id: number;
  file_name: string;
  width: number;
  height: number;
}

interface CocoAnnotation {
  image_id: number;
  category_id: number;
  bbox?: [number, number, number, number];
  iscrowd?: number;
}

interface Entry extends CocoImage {
  /** The number of the element in `images`, from 1. */
  element: number;
}

/** Numbers in a typed array that grows. */
class Numbers {
  length = 0;
  #values = new Float64Array(1024);

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }
}

/** Reads a COCO file once, and remembers where the annotations of each image are. */
export async function openCoco(request: LayoutRequest, { signal }: LayoutReading): Promise<AnnotatedSource> {
  const file = await open(request.path);
  try {
    return await indexFile(file, request, signal);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function indexFile(file: FileHandle, request: LayoutRequest, signal: AbortSignal): Promise<AnnotatedSource> {
  const images: Entry[] = [];
  const categories = new Map<number, string>();
  const [starts, lengths, owners] = [new Numbers(), new Numbers(), new Numbers()];
  for await (const { key, start, text } of readElements(file, signal)) {
    if (key === 'images') images.push({ ...(JSON.parse(text) as CocoImage), element: images.length + 1 });
    else if (key === 'categories') {
      const { id, name } = JSON.parse(text) as { id: number; name: string };
      categories.set(id, name);
    } else if (key === 'annotations') {
      starts.push(start);
      lengths.push(Buffer.byteLength(text));
      owners.push((JSON.parse(text) as CocoAnnotation).image_id);
    }
  }
  if (images.length === 0) throw new TableError('The file has no images.', 'Use a COCO file, which has `images`.');
  images.sort((a, b) => (basename(a.file_name) < basename(b.file_name) ? -1 : 1));
  const indexOf = new Map(images.map(({ id }, index) => [id, index]));
  const annotations: number[][] = images.map(() => []);
  for (let at = 0; at < owners.length; at++) annotations[indexOf.get(owners.at(at))!]?.push(at);

  const root = await realpath(imageRoot(request, images[0]!.file_name));
  const files = images.map(({ file_name: name }): SourceFile => {
    return { name: basename(name), path: join(root, name), within: root };
  });
  const read = async (at: number): Promise<CocoAnnotation> => {
    const { buffer } = await file.read(Buffer.allocUnsafe(lengths.at(at)), 0, lengths.at(at), starts.at(at));
    return JSON.parse(buffer.toString()) as CocoAnnotation;
  };
  return {
    images: files,
    classes: [...categories.values()],
    countOf: (index) => annotations[index]!.length,
    async load(index): Promise<AnnotatedImage> {
      const { width, height } = images[index]!;
      const found = await Promise.all(annotations[index]!.map(read));
      return { width, height, objects: found.map((one) => objectOf(one, categories)) };
    },
    placeOf(index, object): FindingPlace {
      if (object === undefined) return { file: request.path, row: images[index]!.element, column: 'images' };
      return { file: request.path, row: annotations[index]![object]! + 1, column: 'annotations' };
    },
    close: () => file.close(),
  };
}

function objectOf({ category_id: category, bbox }: CocoAnnotation, categories: Map<number, string>): AnnotatedObject {
  const box = bbox && ([bbox[0], bbox[1], bbox[0] + bbox[2], bbox[1] + bbox[3]] as const);
  return { className: categories.get(category) ?? String(category), box };
}
