import { extname } from 'node:path';
import type { FindingPlace, LayoutReading, LayoutRequest, LayoutTable } from '@tracebloc/ingestor-contract';
import { diskFolder, DiskTable, isImageName, listFolder } from '@tracebloc/ingestor-annotations';
import { openMasks } from './masks.js';
import { type Files, filesOf, type Listed, sortNames } from './names.js';
import { chooseSplits, findPlaces, readSplits } from './places.js';

/** Opens a VOC dataset. Its files are given as they are. */
export async function openVoc(request: LayoutRequest, reading: LayoutReading): Promise<LayoutTable> {
  const places = await findPlaces(request);
  const { chosen, left } = chooseSplits(places, request);
  const { report } = reading;
  if (left.length > 0)
    report.note?.(`The data also has ${left.join(', ')}; \`split\` in the options chooses among the lists.`);
  const images = await listFolder(places.images, isImageName);
  const annotations: Files = places.annotations
    ? await listFolder(places.annotations, isXml)
    : new Map<string, never>();
  if (request.form === 'masks') return openMasks({ places, images, annotations, chosen }, reading);

  const listed: Listed = chosen ? await readSplits(places, chosen) : new Map<string, FindingPlace>();
  if (!chosen) for (const [stem, { shown }] of annotations) listed.set(stem, { file: shown });
  const names = sortNames(listed, images);
  return new DiskTable({
    columns: ['filename'],
    rows: names.map(({ name }) => [name]),
    folders: {
      images: diskFolder(places.images, chosen ? filesOf(names, images) : images.values()),
      annotations: diskFolder(places.annotations!, filesOf(names, annotations)),
    },
    placeOf: (row) => listed.get(names[row]!.stem)!,
  });
}

const isXml = (name: string): boolean => extname(name).toLowerCase() === '.xml';
