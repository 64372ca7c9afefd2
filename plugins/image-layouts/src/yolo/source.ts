import { readFileSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { type FindingPlace, type LayoutReading, type LayoutRequest, TableError } from '@tracebloc/ingestor-contract';
import {
  type AnnotatedImage,
  type AnnotatedSource,
  annotationFindings,
  ClassCounts,
  ImageFile,
  JOINED_NOTE,
  nameFiles,
} from '@tracebloc/ingestor-annotations';
import { readUprightSize } from '@tracebloc/ingestor-images';
import { readConfig, type YoloConfig } from './config.js';
import { findImages, LabelPaths } from './images.js';
import { objectOf, readLines, type YoloLine } from './labels.js';

/** The files of labels that are read at the same time. */
const CONCURRENCY = 32;

/** Files of text beside labels that are none. */
const NO_LABELS: readonly string[] = ['classes.txt', 'notes.txt', 'train.txt', 'valid.txt', 'val.txt', 'test.txt'];

/** Opens a YOLO dataset: reads all labels, and reports the lines that cannot be read. */
export async function openYolo(request: LayoutRequest, { report, signal }: LayoutReading): Promise<AnnotatedSource> {
  const config = await readConfig(request.path);
  const { images: found, left } = await findImages(config, request);
  if (left.length > 0)
    report.note?.(`The data also has ${left.join(' and ')}; \`split\` in the options chooses among the splits.`);
  const { names, areJoined } = nameFiles(found.map(({ path }) => nameBelow(config.root, path)));
  if (areJoined) report.note?.(JOINED_NOTE);
  const roots = new Map<string, string>();
  for (const folder of new Set(found.map((one) => one.folder))) roots.set(folder, await realpath(folder));

  const labels = new LabelPaths();
  const order = found.map((_one, at) => at).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
  const images = order.map((at) => {
    const { path, folder } = found[at]!;
    return new ImageFile(names[at]!, roots.get(folder)!, relative(folder, path).replaceAll(sep, '/'));
  });
  const files = order.map((at) => labels.of(found[at]!.path));
  const counts = new ClassCounts([...new Set(config.names)], request.options.classes as string[] | undefined);
  const source = new YoloSource(config, request, counts.names, images, files);

  let present = 0;
  for (let start = 0; start < files.length; start += CONCURRENCY) {
    signal.throwIfAborted();
    const texts = await Promise.all(files.slice(start, start + CONCURRENCY).map(textOf));
    for (const [at, text] of texts.entries()) {
      if (text === undefined) continue;
      present++;
      const file = files[start + at]!;
      for (const read of readLines(text, config, request.form)) {
        if ('problem' in read) {
          const { code, ...details } = read.problem;
          annotationFindings.report(report, code, () => ({ ...details, file, row: read.line }));
        } else if (counts.add(read.className) && read.points) source.addPointed(start + at);
      }
    }
  }
  if (present === 0) {
    throw new TableError(
      `No image has a file of labels, such as ${files[0]!}.`,
      'Put the labels into the folder `labels` beside `images`.',
    );
  }
  if (present < files.length)
    report.note?.(
      `${files.length - present} of ${files.length} images have no file of labels, so they have no objects.`,
    );
  const known = new Set(files);
  for (const folder of new Set(labels.folders.values())) {
    for (const name of await readdir(folder)) {
      const file = join(folder, name);
      if (extname(name) !== '.txt' || NO_LABELS.includes(name) || known.has(file)) continue;
      const message = 'There is no image for the labels.';
      annotationFindings.report(report, 'annotation-without-image', () => ({ message, file }));
    }
  }
  counts.finish(report, request.path, request.form);
  return source;
}

class YoloSource implements AnnotatedSource {
  readonly #pointed: Uint32Array;

  constructor(
    private readonly config: YoloConfig,
    private readonly request: LayoutRequest,
    readonly classes: readonly string[],
    readonly images: readonly ImageFile[],
    /** The files of the labels, in the order of the images. */
    private readonly labels: readonly string[],
  ) {
    this.#pointed = new Uint32Array(images.length);
  }

  addPointed(index: number): void {
    this.#pointed[index]!++;
  }

  pointedOf(index: number): number {
    return this.#pointed[index]!;
  }

  async load(index: number): Promise<AnnotatedImage> {
    const text = (await textOf(this.labels[index]!)) ?? '';
    // An image without a readable header is reported by the task.
    const { width, height } = (await readUprightSize(this.images[index]!.path)) ?? { width: 0, height: 0 };
    const names = this.config.points?.names ?? [];
    return { width, height, objects: this.#linesOf(text).map((line) => objectOf(line, { width, height }, names)) };
  }

  placeOf(index: number, object?: number): FindingPlace {
    const file = this.labels[index]!;
    let text = '';
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      // An image need not have a file of labels.
      return { file: this.images[index]!.shown };
    }
    const line = object === undefined ? undefined : this.#linesOf(text)[object]?.line;
    return { file, ...(line !== undefined && { row: line }) };
  }

  #linesOf(text: string): YoloLine[] {
    return [...readLines(text, this.config, this.request.form)].filter(
      (read): read is YoloLine => !('problem' in read) && this.classes.includes(read.className),
    );
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TableError(`The file ${path} cannot be read.`, 'Check its permissions.', { cause: error });
  }
}

/** Returns the path of an image below the root, without `images`, to make a name of it. */
function nameBelow(root: string, path: string): string {
  const parts = relative(root, path).split(sep);
  const [name, folders] = [parts.pop()!, parts.filter((part) => part !== '..' && part !== 'images')];
  return [...folders, name].join('/');
}
