import type { Finding, FindingCode, Report } from '@tracebloc/ingestor-contract';
import { defineFindings } from '@tracebloc/ingestor-dataset';

const catalogue = defineFindings({
  'not-an-image': {
    severity: 'error',
    meaning: 'The content of a file is neither JPEG nor PNG.',
    fix: 'Convert the file to the format that its extension states.',
  },
  'format-mismatch': {
    severity: 'error',
    meaning: 'The content of a file is of another format than its extension says.',
    fix: 'Give the file the extension of its content, in the manifest too, or convert it.',
  },
  'broken-image': {
    severity: 'error',
    meaning: 'An image does not decode to its end: it is cut off or damaged.',
    fix: 'Restore the file from its source, or remove it and its rows.',
  },
  'slow-image': {
    severity: 'error',
    meaning: 'An image was not decoded within the time that one file may take.',
    fix: 'Save the image again, without interlacing and not as progressive JPEG, or remove it.',
  },
  'too-many-pixels': {
    severity: 'error',
    meaning: 'The header of an image claims more pixels than this program decodes. The image was not decoded.',
    fix: 'Scale the image down, or remove it and its rows.',
  },
  'too-small': {
    severity: 'error',
    meaning: 'An image is smaller than `min_size`.',
    fix: 'Use a larger original, remove the image, or lower `spec.file_options.min_size`.',
  },
  'bit-depth': {
    severity: 'error',
    meaning: 'The samples of an image do not have 8 bits.',
    fix: 'Save the image with 8 bits a channel.',
  },
  'color-channels': {
    severity: 'error',
    meaning: 'An image is neither grey nor RGB: it has an alpha channel, or is CMYK.',
    fix: 'Flatten the image to RGB.',
  },
  'wrong-size': {
    severity: 'error',
    meaning: 'An image does not have the size that `target_size` states.',
    fix: 'Resize the image, or set `target_size` to the size that all images have.',
  },
  'dark-image': {
    severity: 'warning',
    meaning:
      'An image of 16 bits uses only the lower ones. The higher 8 are kept, so that it becomes black or almost black.',
    fix: 'Scale the samples of such images to the full range of 16 bits, or save them with 8 bits.',
  },
  'exif-orientation': {
    severity: 'warning',
    meaning: 'An image is stored turned or mirrored, with a note in its EXIF data that not every program obeys.',
    fix: 'Turn the pixels themselves, for example with `jpegtran` or `exiftran`, and remove the note.',
  },
});

/** What this package reports. A task that never compares sizes with `target_size` may leave out `wrong-size`. */
export const IMAGE_FINDINGS: readonly FindingCode[] = catalogue.list;

export type ImageFindingCode = Parameters<typeof catalogue.report>[1];
export type ImageFindingDetails = Pick<Finding, 'message' | 'file'> & Partial<Omit<Finding, 'code'>>;

/** Reports a finding about an image, with its code's documented severity and fix unless the details have others. */
export function reportImage(report: Report, code: ImageFindingCode, details: ImageFindingDetails): void {
  catalogue.report(report, code, () => details);
}

const masks = defineFindings({
  'not-a-mask': {
    severity: 'error',
    meaning: 'The pixels of a mask are not class indices: it is not a PNG file, or it has colours or an alpha channel.',
    fix: 'Save the mask as PNG with a palette or in grey, with the number of the class as the value of each pixel.',
  },
  'mask-size': {
    severity: 'error',
    meaning: 'A mask does not have the width and height of its image.',
    fix: 'Export the mask again in the size of its image, without smoothing, or remove both and their rows.',
  },
});

/** What `readIndices` and `fitMaskedImage` report, beside `IMAGE_FINDINGS`. */
export const MASK_FINDINGS: readonly FindingCode[] = masks.list;

export function reportMask(
  report: Report,
  code: Parameters<typeof masks.report>[1],
  details: ImageFindingDetails,
): void {
  masks.report(report, code, () => details);
}
