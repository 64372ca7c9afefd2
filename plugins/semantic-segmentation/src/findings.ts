import { defineFindings } from '@tracebloc/ingestor-dataset';

/** What this task reports beside what the checks of all images and masks do. */
export const segmentationFindings = defineFindings({
  'unknown-class': {
    severity: 'error',
    meaning: 'A mask has pixels with a value that no class of `classes` has.',
    fix: 'Add the value to `classes`, or correct the mask.',
  },
  'one-value-mask': {
    severity: 'warning',
    meaning: 'All pixels of a mask have the same value, beside those that are ignored.',
    fix: 'If the image has no object, nothing is wrong. Otherwise export the mask again.',
  },
  'class-without-pixels': {
    severity: 'warning',
    meaning: 'No mask has a pixel of a class that is declared.',
    fix: 'Add images of the class, or remove it from `classes`.',
  },
});
