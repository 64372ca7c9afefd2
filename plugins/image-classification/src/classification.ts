import type { Report, TaskContext } from '@tracebloc/ingestor-contract';
import { type SidecarFile, fileTask } from '@tracebloc/ingestor-dataset';
import {
  CONVERSION_FINDINGS,
  CONVERTIBLE_EXTENSIONS,
  IMAGE_FINDINGS,
  type Image,
  ImageTally,
  SIZE_FINDINGS,
  type FittedOptions,
  convertibleFiles,
  describeFitted,
  fitImage,
  probeImage,
  proveWhole,
  reportImage,
  resolveFitted,
  uprightSize,
} from '@tracebloc/ingestor-images';
import { configure, detect } from './detect.js';
import { fields, fileOptions } from './options.js';

export const imageClassification = fileTask<FittedOptions, ImageTally>({
  id: 'image_classification',
  title: 'Image classification',
  summary: 'Predicts the class of an image.',
  dataFormat: 'image',
  fields,
  fileOptions,
  resolve: resolveFitted,
  folder: {
    field: 'images',
    extensions: CONVERTIBLE_EXTENSIONS,
    description: 'The images, with one extension. They have one size, or are brought to it by `spec.file_options.fit`.',
    rewritten: (options) => isChanged(options as FittedOptions),
  },
  form: 'image_classes',
  row: 'One row for each image: its `filename`, with or without extension, and its label.',
  findings: [...IMAGE_FINDINGS, ...CONVERSION_FINDINGS, ...SIZE_FINDINGS],
  prepare,
  tally: ({ background, fit }) => new ImageTally({ background, needsOneSize: fit === 'exact' }),
  convertible: ({ convert }) => convertibleFiles(convert),
  detect,
  configure,
  metadata: (options) => ({ file_options: describeFitted(options) }),
});

/** Whether images may be stored otherwise than they are. They are then turned upright. */
const isChanged = ({ fit, convert }: FittedOptions): boolean => fit !== 'exact' || convert;

/** Checks an image, and returns its new content if it does not stay as it is. */
async function prepare(
  file: SidecarFile,
  report: Report,
  context: TaskContext<FittedOptions>,
  tally: ImageTally,
): Promise<Buffer | undefined> {
  const { options } = context;
  const { minSize, targetSize, fit, convert } = options;
  const exactSize = fit === 'exact' ? { exactSize: targetSize } : {};
  const upright = isChanged(options);
  const image = await probeImage(file, { minSize, convert, upright, ...exactSize }, report);
  if (!image) return undefined;
  tally.add(withTurn(image, upright), upright ? uprightSize(image) : image);
  if (upright) {
    // After an error nothing is stored.
    const isOnlyChecked = !context.wantsFiles || report.errors > 0;
    return (await fitImage(image, options, report, isOnlyChecked))?.content;
  }
  if (image.orientation !== 1) {
    const message = 'The image is stored turned. Training reads the pixels as they are stored.';
    reportImage(report, 'exif-orientation', {
      message,
      file: file.shown,
      value: String(image.orientation),
      expected: '1',
      fix: 'Set `spec.file_options.convert: true`, which turns the pixels upright, or turn them yourself and remove the note.',
    });
  }
  await proveWhole(image, report);
  return undefined;
}

/** Returns the image with its turning among the conversions. */
function withTurn(image: Image, upright: boolean): Image {
  if (!upright || image.orientation === 1) return image;
  return { ...image, conversions: [...image.conversions, 'turned by their EXIF data, now upright'] };
}
