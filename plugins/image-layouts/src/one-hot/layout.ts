import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type DataLayout,
  type LayoutPlaces,
  type LayoutReading,
  type LayoutRequest,
  type LayoutTable,
  TableError,
} from '@tracebloc/ingestor-contract';
import { diskFolder, DiskTable, isImageName, listFolder } from '@tracebloc/ingestor-annotations';
import { defineFindings } from '@tracebloc/ingestor-dataset';
import { detectOneHot } from './detect.js';
import { parseOneHot } from './parse.js';

const oneHotFindings = defineFindings({
  'not-one-class': {
    severity: 'error',
    meaning: 'A row of a table with a column for each class has a 1 in none or in several of them.',
    fix: 'Give the image one class, or remove the row and the image.',
  },
  'not-zero-or-one': {
    severity: 'error',
    meaning:
      'A cell of a table with a column for each class is neither 0 nor 1, or the row has another number of cells.',
    fix: 'Write 1 for the class of the image and 0 for the others.',
  },
});

export const oneHot: DataLayout = {
  kind: 'layout',
  name: 'one_hot',
  title: 'a column for each class',
  summary:
    'A CSV with a column of 0 and 1 for each class, such as the `_classes.csv` of Roboflow. The images are beside it.',
  names: 'file',
  extensions: [],
  options: { type: 'object', properties: {} },
  forms: ['image_classes'],
  findings: oneHotFindings.list,
  locate,
  open,
  detect: detectOneHot,
};

const imagesOf = ({ path, folders }: LayoutRequest): string => folders.images ?? dirname(path);

async function locate(request: LayoutRequest): Promise<LayoutPlaces> {
  return { files: [request.path], folders: { images: imagesOf(request) } };
}

async function open(request: LayoutRequest, { report }: LayoutReading): Promise<LayoutTable> {
  const { path } = request;
  const table = parseOneHot(await readFile(path, 'utf8'));
  if (!table) {
    throw new TableError(
      'The file has no header of `filename` and at least two classes.',
      'Use it as `csv`, with the column of the class as `label`.',
    );
  }
  const { classes, rows } = table;
  const read = rows.flatMap(({ line, cells: [name = '', ...marks] }) => {
    const found = classes.filter((_name, at) => marks[at] === '1');
    const place = { file: path, row: line };
    if (marks.length !== classes.length || marks.some((mark) => mark !== '0' && mark !== '1')) {
      const message = 'The cells of the classes are not all 0 or 1.';
      oneHotFindings.report(report, 'not-zero-or-one', () => ({
        message,
        ...place,
        expected: `${classes.length} cells of 0 or 1`,
      }));
    } else if (found.length === 1) return [{ name, label: found[0]!, line }];
    else {
      const message = `The row has ${found.length === 0 ? 'no class' : `${found.length} classes`}.`;
      oneHotFindings.report(report, 'not-one-class', () => ({
        message,
        ...place,
        value: found.join(', '),
        expected: 'one 1',
      }));
    }
    return [];
  });
  read.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.line - b.line));
  const images = await listFolder(imagesOf(request), isImageName);
  return new DiskTable({
    columns: ['filename', 'label'],
    rows: read.map(({ name, label }) => [name, label]),
    folders: { images: diskFolder(imagesOf(request), images.values()) },
    placeOf: (row) => ({ file: path, row: read[row]!.line, column: 'filename' }),
  });
}
