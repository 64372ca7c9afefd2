import type { Report, TaskContext } from '@tracebloc/ingestor-contract';
import { type FilePair, type PairContents, pairTask } from '@tracebloc/ingestor-dataset';
import {
  CONVERSION_FINDINGS,
  CONVERTIBLE_EXTENSIONS,
  IMAGE_FINDINGS,
  MASK_FINDINGS,
  SIZE_FINDINGS,
  convertibleFiles,
  fitMaskedImage,
  uprightSize,
} from '@tracebloc/ingestor-images';
import { ClassTally, checkValues } from './class-check.js';
import { configure, detect } from './detect.js';
import { segmentationFindings } from './findings.js';
import { MASKS, type SegmentationOptions, fieldSchema, fileOptions, metadata, resolve } from './options.js';

export const semanticSegmentation = pairTask<SegmentationOptions, ClassTally>({
  id: 'semantic_segmentation',
  title: 'Semantic segmentation',
  summary: 'Finds the class of each pixel of an image.',
  dataFormat: 'image',
  form: 'masks',
  fields: fieldSchema,
  fileOptions,
  resolve,
  folder: {
    field: 'images',
    extensions: CONVERTIBLE_EXTENSIONS,
    rewritten: true,
    description: 'The images, with one extension. They have one size, or are brought to it by `spec.file_options.fit`.',
  },
  partner: {
    field: 'masks',
    extensions: ['.png'],
    ...MASKS,
    rewritten: true,
    description:
      'A PNG for each image, `<name of the image>_mask.png`, in its size: the value of each pixel is a class.',
  },
  row: 'One row for each image: its `filename`, its label, and its `mask_id`, the name of its mask. Names may lack their extensions.',
  findings: [
    ...IMAGE_FINDINGS,
    ...CONVERSION_FINDINGS,
    ...SIZE_FINDINGS,
    ...MASK_FINDINGS,
    ...segmentationFindings.list,
  ],
  convertible: ({ convert }) => convertibleFiles(convert),
  statistics: [
    { name: 'pixels', title: 'Pixels a class', kind: 'counts' },
    { name: 'images', title: 'Images a class', kind: 'counts' },
  ],
  tally: (options) => new ClassTally(options),
  prepare,
  detect,
  configure,
  metadata,
});

async function prepare(
  pair: FilePair,
  report: Report,
  { options, wantsFiles, statistics }: TaskContext<SegmentationOptions>,
  tally?: ClassTally,
): Promise<PairContents> {
  const { classes, ignore } = options;
  const { image, counts, contents } = await fitMaskedImage(pair, { ...options, padding: ignore }, report, !wantsFiles);
  if (image) tally?.images.add(image, uprightSize(image));
  tally?.add(counts?.keys());
  if (!counts) return contents;
  checkValues(counts, options, { report, file: pair.partner!.shown });
  for (const [value, pixels] of tally ? counts : []) {
    const name = value === ignore ? 'ignored' : (classes?.[value] ?? String(value));
    statistics?.count('pixels', name, pixels);
    statistics?.count('images', name);
  }
  return contents;
}
