import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import {
  type FindingPlace,
  type LayoutReading,
  type LayoutRequest,
  type LayoutTable,
  TableError,
} from '@tracebloc/ingestor-contract';
import {
  annotationFindings,
  diskFolder,
  DiskTable,
  ImageFile,
  isImageName,
  labeller,
  listFolder,
  stemOf,
} from '@tracebloc/ingestor-annotations';
import { createReport } from '@tracebloc/ingestor-dataset';
import { readIndices } from '@tracebloc/ingestor-images';
import { chooseSplits, findPlaces, readSplits, type VocPlaces } from './places.js';

/** The files that are read at the same time. */
const CONCURRENCY = 16;

type Files = ReadonlyMap<string, ImageFile>;
type Listed = Map<string, FindingPlace>;

/** Opens a VOC dataset. Its files are given as they are. */
export async function openVoc(request: LayoutRequest, reading: LayoutReading): Promise<LayoutTable> {
  const places = await findPlaces(request);
  const { chosen, left } = chooseSplits(places, request);
  const { report } = reading;
  if (left.length > 0)
    report.note?.(`The data also has ${left.join(', ')}; \`split\` in the options chooses among the lists.`);
  const images = await listFolder(places.images, isImageName);
  const annotations: Files = places.annotations ? await listFolder(places.annotations, isXml) : new Map();
  if (request.form === 'masks') return openMasks(places, images, annotations, chosen, reading);

  const listed: Listed = chosen ? await readSplits(places, chosen) : new Map<string, FindingPlace>();
  if (!chosen) for (const [stem, { shown }] of annotations) listed.set(stem, { file: shown });
  const names = sorted(listed, images);
  return new DiskTable({
    columns: ['filename'],
    rows: names.map(({ name }) => [name]),
    folders: {
      images: diskFolder(places.images, chosen ? of(names, images) : images.values()),
      annotations: diskFolder(places.annotations!, of(names, annotations)),
    },
    placeOf: (row) => listed.get(names[row]!.stem)!,
  });
}

async function openMasks(
  places: VocPlaces,
  images: Files,
  annotations: Files,
  chosen: readonly string[] | undefined,
  { report, signal }: LayoutReading,
): Promise<LayoutTable> {
  const masks = await listFolder(places.masks!, (name) => extname(name).toLowerCase() === '.png');
  const listed: Listed = chosen ? await readSplits(places, chosen) : new Map<string, FindingPlace>();
  if (!chosen) for (const [stem, { shown }] of masks) listed.set(stem, { file: shown });
  const names = sorted(listed, images);
  const classes = new Map<string, readonly string[]>();
  const classNames = await readLabelMap(places);
  for (let start = 0; start < names.length; start += CONCURRENCY) {
    signal.throwIfAborted();
    await Promise.all(
      names.slice(start, start + CONCURRENCY).map(async ({ stem }) => {
        classes.set(stem, await classesOf(annotations.get(stem), masks.get(stem), classNames));
      }),
    );
  }
  const label = labeller([...new Set([...classes.values()].flat())]);
  const given = [...of(names, masks)].map((mask) => new MaskFile(mask));
  return new DiskTable({
    columns: ['filename', 'mask_id', 'label'],
    rows: names.map(({ stem, name }) => {
      const made = label(new Set(classes.get(stem)));
      if (made.rest > 0) {
        const message = `The label of the image is without ${made.rest} of its classes.`;
        annotationFindings.report(report, 'shortened-label', () => ({ message, ...listed.get(stem)! }));
      }
      return [name, `${stem}_mask`, made.label];
    }),
    folders: {
      images: diskFolder(places.images, of(names, images)),
      masks: { name: 'SegmentationClass', files: given },
    },
    placeOf: (row) => listed.get(names[row]!.stem)!,
  });
}

/** A mask under the name that masks have in the form. */
class MaskFile {
  readonly name: string;
  readonly shown: string;
  readonly path: string;
  readonly within: string;

  constructor({ name, shown, path, within }: ImageFile) {
    this.name = `${stemOf(name)}_mask.png`;
    this.shown = shown;
    this.path = path;
    this.within = within;
  }
}

const isXml = (name: string): boolean => extname(name).toLowerCase() === '.xml';

/** Returns the names that are listed, with those of their images, in the order of the latter. */
function sorted(listed: Listed, images: Files): { stem: string; name: string }[] {
  if (listed.size === 0)
    throw new TableError('The data lists no image.', 'Choose another list with `split` in the options.');
  const names = [...listed.keys()].map((stem) => ({ stem, name: images.get(stem)?.name ?? stem }));
  return names.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function* of(names: readonly { stem: string }[], files: Files): Generator<ImageFile, void> {
  for (const { stem } of names) {
    const file = files.get(stem);
    if (file) yield file;
  }
}

/** Returns the classes in an image: those of the objects in its annotation, or else those of the pixels of its mask. */
async function classesOf(
  annotation: ImageFile | undefined,
  mask: ImageFile | undefined,
  classNames: readonly string[],
): Promise<readonly string[]> {
  if (annotation) return namesIn(await readFile(annotation.path, 'utf8'));
  if (!mask) return [];
  const file = {
    path: mask.path,
    shown: mask.shown,
    stem: mask.name,
    extension: '.png',
    size: 0,
    repeated: false,
  };
  // The task reports a mask that cannot be read.
  const indices = await readIndices({ ...file, make: () => readFile(mask.path) }, createReport(0));
  const values = new Uint8Array(256);
  for await (const row of indices?.rows ?? []) for (const value of row) values[value] = 1;
  const present = [...values.keys()].filter((value) => values[value] === 1 && value !== 0 && value !== IGNORED);
  return present.map((value) => classNames[value] ?? `class_${value}`);
}

/** The value of pixels at the edges of objects. */
const IGNORED = 255;

const OBJECT_NAME = /<object>(?:(?!<\/object>|<part>)[\s\S])*?<name>([^<]*)<\/name>/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

function namesIn(xml: string): string[] {
  const names = [...xml.matchAll(OBJECT_NAME)].map(([, name]) =>
    name!.trim().replace(/&\w+;/g, (one) => ENTITIES[one] ?? one),
  );
  return [...new Set(names)];
}

/** The classes of the VOC challenges, by their values in masks. */
const VOC_CLASSES =
  'background aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor';

/** Returns the names of the classes by their values in masks: those of `labelmap.txt`, as CVAT writes it, or of VOC. */
async function readLabelMap({ masks }: VocPlaces): Promise<string[]> {
  const text = await readFile(join(masks!, '..', 'labelmap.txt'), 'utf8').catch(() => undefined);
  if (text === undefined) return VOC_CLASSES.split(' ');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => line.split(':')[0]!.trim());
}
