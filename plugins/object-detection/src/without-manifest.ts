import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import {
  type DataLayout,
  type LayoutDetection,
  type LayoutPlaces,
  type LayoutRequest,
  type LayoutTable,
  TableError,
} from '@tracebloc/ingestor-contract';
import { counted, diskFolder, DiskTable, isImageName, listFolder } from '@tracebloc/ingestor-annotations';

/** A row for each annotation, for datasets without a manifest. */
export const annotationFolder: DataLayout = {
  kind: 'layout',
  name: 'annotations',
  title: 'a folder of annotations',
  summary: 'The annotations, each with the image of the same name.',
  names: 'folder',
  extensions: [],
  options: { type: 'object', properties: {} },
  forms: ['boxes'],
  findings: [],
  locate,
  open,
  detect,
};

function imagesOf({ path, folders }: LayoutRequest): string {
  const images = folders.images ?? join(dirname(path), 'images');
  if (existsSync(images)) return images;
  throw new TableError(`The folder ${images} does not exist.`, 'Name the folder of the images with `images`.');
}

async function locate(request: LayoutRequest): Promise<LayoutPlaces> {
  return { files: [], folders: { images: imagesOf(request), annotations: request.path } };
}

async function open(request: LayoutRequest): Promise<LayoutTable> {
  const folder = imagesOf(request);
  const [images, annotations] = await Promise.all([listFolder(folder, isImageName), listFolder(request.path, isXml)]);
  if (annotations.size === 0) {
    throw new TableError(`The folder ${request.path} has no .xml file.`, 'Use a folder of Pascal VOC files.');
  }
  const rows = [...annotations].map(([stem, { name }]) => ({ name: images.get(stem)?.name ?? stem, annotation: name }));
  rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  return new DiskTable({
    columns: ['filename'],
    rows: rows.map(({ name }) => [name]),
    folders: {
      images: diskFolder(folder, images.values()),
      annotations: diskFolder(request.path, annotations.values()),
    },
    placeOf: (row) => ({ file: `${basename(request.path)}/${rows[row]!.annotation}` }),
  });
}

/** Finds `images` and `annotations` in a folder. */
async function detect(root: string): Promise<LayoutDetection | undefined> {
  const [images, annotations] = [join(root, 'images'), join(root, 'annotations')];
  if (!existsSync(images) || !existsSync(annotations)) return undefined;
  const [pictures, files] = await Promise.all([listFolder(images, isImageName), listFolder(annotations, isXml)]);
  if (pictures.size === 0 || files.size === 0) return undefined;
  const found = `a folder of ${counted(files.size, 'annotation')}, annotations/, and one of ${counted(pictures.size, 'image')}, images/`;
  return { found, forms: ['boxes'], train: { path: annotations, options: [], folders: { images }, rows: files.size } };
}

const isXml = (name: string): boolean => extname(name).toLowerCase() === '.xml';
