import { expect, it } from '@jest/globals';
import type { SourceFolder, TaskContext } from '@tracebloc/ingestor-contract';
import type { SegmentationOptions } from './options.js';
import { colourPng, halves, maskPng, read } from './scene.test-support.js';
import { semanticSegmentation } from './semantic-segmentation.js';

/** A folder as a data layout gives it, whose files are made when they are read. */
function folderOf(name: string, files: Record<string, Uint8Array>, made: string[]): SourceFolder {
  return {
    name,
    files: Object.entries(files).map(([file, bytes]) => ({
      name: file,
      path: `/annotations.json#${file}`,
      make: () => {
        made.push(file);
        return Promise.resolve(bytes);
      },
    })),
  };
}

it.each([
  ['are wanted', true],
  ['are only checked', false],
])('reads the images and the masks of a data layout, makes each once, and stores it if files %s', async (_, wanted) => {
  const made: string[] = [];
  const [image, mask] = [await colourPng(halves(), 200), maskPng(halves())];
  const names = ['a', 'b'];
  const folders = {
    images: folderOf('images', Object.fromEntries(names.map((name) => [`${name}.png`, image])), made),
    masks: folderOf('masks', Object.fromEntries(names.map((name) => [`${name}_mask.png`, mask])), made),
  };
  const records = (context: TaskContext<SegmentationOptions>) =>
    semanticSegmentation.records(Object.assign(Object.create(context) as typeof context, { folders }));
  const manifest = 'filename,mask_id,kind\na.png,a_mask,oak\nb.png,b_mask,ash\n';
  const output = await read({}, { manifest, wantsFiles: wanted }, { ...semanticSegmentation, records });
  expect(output.found).toEqual([]);
  expect(made.sort()).toEqual(['a.png', 'a_mask.png', 'b.png', 'b_mask.png']);
  const stored = output.records.map(({ files }) => files.map(({ target, content }) => [target, content]));
  const bytes = (content: Uint8Array) => (wanted ? content : undefined);
  expect(stored).toEqual(
    names.map((name) => [
      [`${name}.png`, bytes(image)],
      [`${name}_mask.png`, bytes(mask)],
    ]),
  );
});
