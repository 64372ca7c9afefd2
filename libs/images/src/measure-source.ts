import { stat } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import type { SourceFile, SourceFolder } from '@tracebloc/ingestor-contract';
import { FILE_CONCURRENCY } from '@tracebloc/ingestor-dataset';
import { uprightSize } from './geometry.js';
import { loadSharp } from './load-sharp.js';
import { type MeasuredImages, SizeCounter } from './measure.js';

/** Reads the headers of all images of a folder that a data layout gives. Files without a readable header are passed over. */
export async function measureSource(source?: SourceFolder): Promise<Pick<MeasuredImages, 'stored' | 'upright'>> {
  const [stored, upright] = [new SizeCounter(), new SizeCounter()];
  const next = [...(source?.files ?? [])].values();
  const work = async (): Promise<void> => {
    for (const file of next) {
      const header = await readHeader(file);
      if (!header) continue;
      const { width, height, orientation = 1 } = header;
      stored.add({ width, height });
      upright.add(uprightSize({ width, height, orientation }));
    }
  };
  await Promise.all(Array.from({ length: FILE_CONCURRENCY }, work));
  return { stored: stored.sizes, upright: upright.sizes };
}

async function readHeader(file: SourceFile): Promise<Metadata | undefined> {
  try {
    // Opening a pipe would wait for ever.
    if (!file.make && !(await stat(file.path)).isFile()) return undefined;
    const sharp = await loadSharp();
    return await sharp(file.make ? await file.make() : file.path, {
      failOn: 'none',
      limitInputPixels: false,
    }).metadata();
  } catch {
    // The check of the task reports the file.
    return undefined;
  }
}
