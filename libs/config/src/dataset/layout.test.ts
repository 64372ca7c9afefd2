import { describe, expect, it } from '@jest/globals';
import { type DataLayout, TableError } from '@tracebloc/ingestor-contract';
import { fakeTask, IMAGES, refusalLines, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();

function fakeLayout(name: string, more: Partial<DataLayout> = {}): DataLayout {
  return {
    kind: 'layout',
    name,
    title: name.toUpperCase(),
    summary: 'A dataset.',
    names: 'folder',
    extensions: [],
    options: {
      type: 'object',
      properties: { split: { type: 'string', description: 'The split.', examples: ['val'] } },
    },
    forms: ['image_classes'],
    findings: [],
    locate: async ({ path, folders }) => ({ files: [], folders: { images: folders.images ?? path } }),
    open: () => Promise.reject(new TableError('It is not read here.')),
    ...more,
  };
}

const task = fakeTask({
  id: 'image_classification',
  dataFormat: 'image',
  schema: 'optional',
  layout: {
    manifest: ['csv'],
    form: 'image_classes',
    sidecars: [{ field: 'images', extensions: ['.jpg'], required: true, description: 'The images.' }],
    withoutManifest: fakeLayout('images'),
    description: 'One row for each image.',
  },
});
const tables = [fakeLayout('tree'), fakeLayout('boxes', { forms: ['boxes'] })];
const given = { tasks: [task], tables };
const WITHOUT = IMAGES.replace(/csv.*\n/, '');

it('gives the files and folders of a data layout, with its options and the folders that are named', async () => {
  place.write('data/a.jpg', '');
  place.write('other/a.jpg', '');
  const { config } = await place.file(`${WITHOUT}tree: data\nspec: {tree_options: {split: val}}\n`, given);
  const path = `${place.folder}/data`;
  expect(config.source).toMatchObject({ path, parts: [], sidecars: { images: path } });
  expect(config.source.layout!.request).toEqual({
    path,
    form: 'image_classes',
    options: { split: 'val' },
    folders: {},
  });
  const named = await place.file(`${WITHOUT}tree: data\nimages: other\n`, given);
  expect(named.config.source.sidecars).toEqual({ images: `${place.folder}/other` });
});

it('refuses a data layout that the task cannot read, and one that cannot be found', async () => {
  place.write('data/a.jpg', '');
  const fails = fakeLayout('tree', { locate: () => Promise.reject(new TableError('There is no class.', 'Add one.')) });
  expect(await refusalLines(place.file(`${WITHOUT}boxes: data\n`, given))).toEqual([
    expect.stringContaining('image_classification cannot read the layout BOXES — Use one of csv and tree.'),
  ]);
  expect(await refusalLines(place.file(`${WITHOUT}tree: data\n`, { ...given, tables: [fails] }))).toEqual([
    expect.stringContaining('the TREE data cannot be read: There is no class. — Add one.'),
  ]);
});

describe('without a manifest', () => {
  it('takes the layout of the task, if its folder is named', async () => {
    place.write('pictures/a.jpg', '');
    const { config } = await place.file(`${WITHOUT}images: pictures\n`, given);
    expect(config.source).toMatchObject({ format: 'images', path: `${place.folder}/pictures`, parts: [] });
    expect(await refusalLines(place.file(WITHOUT, given))).toEqual([
      expect.stringContaining('the manifest is missing'),
    ]);
  });

  it('takes the manifest if there is one', async () => {
    place.write('pictures/a.jpg', '');
    const { config } = await place.file(`${IMAGES}images: pictures\n`, given);
    expect(config.source.format).toBe('csv');
    expect(config.source).not.toHaveProperty('layout');
  });
});
