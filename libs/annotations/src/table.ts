import type { DataForm, LayoutTable, Report } from '@tracebloc/ingestor-contract';
import { BoxTable } from './boxes.js';
import { KeypointTable } from './keypoints.js';
import { MaskTable } from './masks.js';
import type { AnnotatedSource } from './types.js';

/** The forms of annotated images. */
export const ANNOTATED_FORMS: readonly DataForm[] = ['boxes', 'masks', 'keypoints'];

/** Returns annotated images as a table and folders of a form, which is one of `ANNOTATED_FORMS`. */
export function annotatedTable(source: AnnotatedSource, form: DataForm, report: Report): LayoutTable {
  switch (form) {
    case 'boxes':
      return new BoxTable(source);
    case 'masks':
      return new MaskTable(source, report);
    case 'keypoints':
      return new KeypointTable(source);
    default:
      throw new TypeError(`Annotated images do not have the form ${form}.`);
  }
}
