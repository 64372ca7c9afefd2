/**
 * `npm run bench -- segmentation`, a part of `npm run bench -- images`, measures whole ingests of semantic segmentation: 1,000 JPEGs
 * of 512x512 with masks that are stored as they are, and 600 of 1280x960 that are brought to 512x512 with their masks. The baselines
 * are bare sharp loops that decode and copy both files, or resize both. The ratios are those of the processor time.
 *
 * Flag: --rounds <3>
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeMasks } from './files/masks.ts';
import { makePhotos, type PhotoSet } from './files/photos.ts';
import { best, measureProcess, round, type Measurement } from './measure.ts';
import { describe, folder, log, measureIngest, readFlags, removeAside, root, setAside } from './support.ts';

const base = join(folder, 'images');

export async function run(args: string[]): Promise<object> {
  const { rounds } = readFlags(args, [], { rounds: 3 });
  const exact = await makePhotos('masked', 1000, 512, 512);
  const large = await makePhotos('masked-large', 600, 1280, 960);
  await makeMasks(exact);
  await makeMasks(large);
  const works = {
    masks_copy: () => loop('copy', exact),
    masks: () => ingest(exact, 'exact'),
    masks_resize: () => loop('resize', large),
    masks_fit: () => ingest(large, 'stretch'),
  };
  const measured: Partial<Record<string, Measurement[]>> = {};
  for (let index = 0; index < rounds; index++) {
    for (const [name, work] of Object.entries(works)) {
      const measurement = await work();
      log(`round ${index + 1}: ${name.padEnd(19)} ${describe(measurement)}`);
      (measured[name] ??= []).push(measurement);
    }
  }
  removeAside(base);
  const bestOf = (name: keyof typeof works) => best(measured[name] ?? []);
  const ratio = (one: keyof typeof works, other: keyof typeof works) =>
    round(bestOf(one).processorSeconds / bestOf(other).processorSeconds);
  return {
    masks_copy_processor_s: round(bestOf('masks_copy').processorSeconds),
    masks_processor_s: round(bestOf('masks').processorSeconds),
    masks_ratio: ratio('masks', 'masks_copy'),
    masks_resize_processor_s: round(bestOf('masks_resize').processorSeconds),
    masks_fit_processor_s: round(bestOf('masks_fit').processorSeconds),
    masks_fit_ratio: ratio('masks_fit', 'masks_resize'),
    masks_rss_mb: round(bestOf('masks').rssMb, 0),
    masks_fit_rss_mb: round(bestOf('masks_fit').rssMb, 0),
  };
}

/** Runs in a process as the ingest does, so that both times contain the start of a process. */
function loop(work: 'copy' | 'resize', { root: source }: PhotoSet): Promise<Measurement> {
  const target = join(base, 'copy');
  setAside(base, target);
  return measureProcess(process.execPath, [join(root, 'tools/bench/mask-loop.ts'), work, source, target], {
    PATH: process.env.PATH,
    CONCURRENCY: String(availableParallelism()),
  });
}

function ingest(set: PhotoSet, fit: 'exact' | 'stretch'): Promise<Measurement> {
  const storage = join(base, 'storage');
  setAside(base, storage);
  const fields = { category: 'semantic_segmentation', table: 'masked', csv: 'labels.csv', target_size: [512, 512] };
  const spec = { file_options: { extension: '.jpg', fit } };
  return measureIngest(set.root, { ...fields, spec }, { storage });
}
