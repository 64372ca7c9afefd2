import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { FindingPlace, LayoutReading, LayoutTable, Report, SourceFile } from '@tracebloc/ingestor-contract';
import {
  annotationFindings,
  diskFolder,
  DiskTable,
  type ImageFile,
  labeller,
  listFolder,
} from '@tracebloc/ingestor-annotations';
import { createReport, decodeXml } from '@tracebloc/ingestor-dataset';
import { readIndices } from '@tracebloc/ingestor-images';
import { ColouredMaskFile, isColoured, type LabelMap, MaskFile, readColouredMask, readLabelMap } from './label-map.js';
import { type Files, filesOf, type Listed, sortNames } from './names.js';
import { readSplits, type VocPlaces } from './places.js';

/** The files that are read at the same time. */
const CONCURRENCY = 16;

interface Masked {
  /** The classes in the image. */
  classes: readonly string[];
  file?: SourceFile;
}

/** Opens the masks of a VOC dataset. */
export async function openMasks(
  {
    places,
    images,
    annotations,
    chosen,
  }: { places: VocPlaces; images: Files; annotations: Files; chosen: readonly string[] | undefined },
  { report, signal }: LayoutReading,
): Promise<LayoutTable> {
  const masks = await listFolder(places.masks!, (name) => extname(name).toLowerCase() === '.png');
  const listed: Listed = chosen ? await readSplits(places, chosen) : new Map<string, FindingPlace>();
  if (!chosen) for (const [stem, { shown }] of masks) listed.set(stem, { file: shown });
  const names = sortNames(listed, images);
  const labelMap = await readLabelMap(dirname(places.masks!));
  const read: Masked[] = [];
  for (let start = 0; start < names.length; start += CONCURRENCY) {
    signal.throwIfAborted();
    const some = names.slice(start, start + CONCURRENCY);
    read.push(
      ...(await Promise.all(
        some.map(({ stem }) => readMask(annotations.get(stem), masks.get(stem), labelMap, report)),
      )),
    );
  }
  const label = labeller([...new Set(read.flatMap(({ classes }) => classes))]);
  return new DiskTable({
    columns: ['filename', 'mask_id', 'label'],
    rows: names.map(({ stem, name }, at) => {
      const made = label(new Set(read[at]!.classes));
      if (made.rest > 0) {
        const message = `The label of the image is without ${made.rest} of its classes.`;
        annotationFindings.report(report, 'shortened-label', () => ({ message, ...listed.get(stem)! }));
      }
      return [name, `${stem}_mask`, made.label];
    }),
    folders: {
      images: diskFolder(places.images, filesOf(names, images)),
      masks: { name: 'SegmentationClass', files: read.flatMap(({ file }) => (file ? [file] : [])) },
    },
    placeOf: (row) => listed.get(names[row]!.stem)!,
  });
}

/** Reads which classes a mask has: those of the objects in its annotation, or else those of its pixels. */
async function readMask(
  annotation: ImageFile | undefined,
  mask: ImageFile | undefined,
  { names, values }: LabelMap,
  report: Report,
): Promise<Masked> {
  const stated = annotation && (await namesIn(annotation));
  if (!mask) return { classes: stated ?? [] };
  const coloured = values && (await isColoured(mask.path)) ? await readColouredMask(mask.path, values) : undefined;
  if (coloured && coloured.unknown > 0) {
    annotationFindings.report(report, 'unknown-class', () => ({
      message: `Pixels of the mask with colours that labelmap.txt does not list: ${coloured.unknown}.`,
      file: mask.shown,
    }));
  }
  const file = coloured ? new ColouredMaskFile(mask, values!) : new MaskFile(mask);
  if (stated) return { classes: stated, file };
  const present = await valuesIn(coloured ? [coloured.mask.pixels] : await rowsOf(mask));
  return { classes: present.map((value) => names[value] ?? `class_${value}`), file };
}

/** Returns the rows of a mask, and none of one that cannot be read: the task reports it. */
async function rowsOf({ name, path, shown }: ImageFile): Promise<AsyncIterable<Uint8Array | Uint16Array> | []> {
  const file = { path, shown, stem: name, extension: '.png', size: 0, repeated: false, make: () => readFile(path) };
  return (await readIndices(file, createReport(0)))?.rows ?? [];
}

/** The value of pixels at the edges of objects. */
const IGNORED = 255;

async function valuesIn(rows: AsyncIterable<ArrayLike<number>> | Iterable<ArrayLike<number>>): Promise<number[]> {
  const seen = new Uint8Array(256);
  for await (const row of rows) for (let at = 0; at < row.length; at++) seen[row[at]!] = 1;
  return [...seen.keys()].filter((value) => seen[value] === 1 && value !== 0 && value !== IGNORED);
}

const OBJECT_NAME = /<object>(?:(?!<\/object>|<part>)[\s\S])*?<name>([^<]*)<\/name>/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

/** Returns the classes of the objects in an annotation, or `undefined` if it is not text. */
async function namesIn({ path }: ImageFile): Promise<string[] | undefined> {
  const bytes = await readFile(path);
  const xml = await decodeXml(bytes, false).catch(() => undefined);
  if (xml === undefined) return undefined;
  const names = [...xml.matchAll(OBJECT_NAME)].map(([, name]) => name!.trim());
  return [...new Set(names.map((name) => name.replace(/&\w+;/g, (one) => ENTITIES[one] ?? one)))];
}
