import { realpath } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import {
  type DataLayout,
  type FormFolder,
  type LayoutPlaces,
  type LayoutReading,
  type LayoutRequest,
  type LayoutTable,
  TableError,
} from '@tracebloc/ingestor-contract';
import { DiskTable, ImageFile, JOINED_NOTE, nameFiles } from '@tracebloc/ingestor-annotations';
import { detectFolders } from './detect.js';
import { folderFindings } from './findings.js';
import { SPLITS, walk } from './walk.js';

/** The most names that a finding lists. */
const MAX_LISTED = 5;

export const classFolders: DataLayout = {
  kind: 'layout',
  name: 'class_folders',
  title: 'a folder for each class',
  summary:
    'A folder with a folder for each class, or with `train`, `val` and `test` that have these, instead of a manifest.',
  names: 'folder',
  extensions: [],
  options: {
    type: 'object',
    properties: {
      split: {
        enum: SPLITS,
        description: 'The split to read. Default: `train`, if the folder has splits.',
        examples: ['test'],
      },
      nested: {
        enum: ['path', 'first'],
        description: 'The class of a file in `cats/black`: `path` for `cats/black` (default), or `first` for `cats`.',
        examples: ['first'],
      },
    },
  },
  forms: ['image_classes', 'text_classes'],
  findings: folderFindings.list,
  locate,
  open,
  detect: detectFolders,
};

const folderOf = ({ form }: LayoutRequest): FormFolder => (form === 'text_classes' ? 'texts' : 'images');

async function locate(request: LayoutRequest): Promise<LayoutPlaces> {
  const { root, folders } = await walk(request);
  const role = folderOf(request);
  const all = [...folders].sort().map((folder): [string, string] => [`${role}/${folder}`, join(root, folder)]);
  return { files: [], folders: Object.fromEntries([[role, root], ...all]) };
}

async function open(request: LayoutRequest, { report }: LayoutReading): Promise<LayoutTable> {
  const walked = await walk(request);
  const { root, files, others, loose, empty, isNested, left } = walked;
  const file = `${basename(root)}/`;
  if (files.length === 0) {
    throw new TableError(
      `The folder ${root} has no folder with ${request.form === 'text_classes' ? 'texts' : 'images'}.`,
      'Put the files of each class into a folder with the name of the class.',
    );
  }
  if (others.length > 0) {
    const message = `${others.length} files have other extensions: ${listSome(others)}.`;
    folderFindings.report(report, 'left-out-files', () => ({ message, file }));
  }
  if (loose.length > 0) {
    const message = `${loose.length} files are beside the folders of the classes: ${listSome(loose)}.`;
    folderFindings.report(report, 'loose-files', () => ({ message, file }));
  }
  for (const path of empty) {
    folderFindings.report(report, 'empty-class-folder', () => ({
      message: 'The folder has no file that is read.',
      file: `${file}${path}/`,
    }));
  }
  if (left.length > 0)
    report.note?.(`The data also has ${left.join(' and ')}; \`split\` in the options chooses among the splits.`);
  if (isNested)
    report.note?.('Folders are in folders of classes; `nested` in the options decides which of them is the class.');

  const named = nameFiles(files.map(({ path }) => path));
  const { areJoined } = named;
  // A text without an extension gets the usual one.
  const names = named.names.map((name) => (extname(name) === '' ? `${name}.txt` : name));
  if (areJoined) report.note?.(JOINED_NOTE);
  const real = await realpath(root);
  const order = files.map((_file, at) => at).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
  const given = order.map((at) => new ImageFile(names[at]!, real, files[at]!.path));
  return new DiskTable({
    columns: ['filename', 'label'],
    rows: order.map((at) => [names[at]!, files[at]!.className]),
    folders: { [folderOf(request)]: { name: basename(root), files: given } },
    placeOf: (row) => ({ file: given[row]!.shown }),
  });
}

function listSome(names: readonly string[]): string {
  const rest = names.length - MAX_LISTED;
  return [...names].sort().slice(0, MAX_LISTED).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}
