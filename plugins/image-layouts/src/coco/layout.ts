import type { DataLayout } from '@tracebloc/ingestor-contract';
import { ANNOTATED_FORMS, annotatedTable, annotationFindings, CLASSES_OPTION } from '@tracebloc/ingestor-annotations';
import { detectCoco } from './detect.js';
import { locateCoco } from './places.js';
import { openCoco } from './source.js';

export const coco: DataLayout = {
  kind: 'layout',
  name: 'coco',
  title: 'COCO',
  summary: 'A COCO file, instead of a manifest and annotations. Its images are beside it, or in the folder `images`.',
  names: 'file',
  extensions: [],
  options: { type: 'object', properties: { classes: CLASSES_OPTION } },
  forms: ANNOTATED_FORMS,
  findings: annotationFindings.list,
  locate: locateCoco,
  async open(request, reading) {
    return annotatedTable(await openCoco(request, reading), request.form, reading.report);
  },
  detect: detectCoco,
};
