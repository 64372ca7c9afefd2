import type { SourceFolder } from '@tracebloc/ingestor-contract';
import { SidecarFolder, createReport } from '@tracebloc/ingestor-dataset';
import { uprightSize } from './geometry.js';
import { probeImage } from './image.js';
import type { CountedSize } from './measure.js';
import { showSize } from './size-check.js';
import { extname } from 'node:path';

/**
 * Returns the sizes of some upright images of a data layout, spread over their names, with the most common size first. Images that
 * cannot be read are passed over.
 */
export async function sampleSizes(folder: SourceFolder, count: number): Promise<readonly CountedSize[]> {
  const files = Array.from(folder.files);
  const found = new Map<string, CountedSize>();
  const step = Math.max(1, files.length / count);
  for (let at = 0; at < files.length; at += step) {
    const { name } = files[Math.floor(at)]!;
    const report = createReport();
    const images = await SidecarFolder.open({ name: folder.name, files: [files[Math.floor(at)]!] }, extname(name));
    const file = await images.find(name, { report, file: '' });
    const image = file && (await probeImage(file, { minSize: [1, 1], convert: true }, report));
    if (!image) continue;
    const size = uprightSize(image);
    const known = found.get(showSize(size));
    if (known) known.count++;
    else found.set(showSize(size), { ...size, count: 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || b.width * b.height - a.width * a.height);
}
