export { CLASSES_OPTION, ClassCounts } from './classes.js';
export { annotationFindings } from './findings.js';
export { ImageFile, isImageName, JOINED_NOTE, nameFiles, safePath } from './images.js';
export { labeller } from './masks.js';
export { areRunsOf, decodeRuns } from './rle.js';
export { batchesOf, stemOf } from './rows.js';
export { boxAround, isPolygon } from './shapes.js';
export { ANNOTATED_FORMS, annotatedTable } from './table.js';
export type * from './types.js';
