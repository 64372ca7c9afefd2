export {
  IMAGE_FINDINGS,
  type ImageFindingCode,
  type ImageFindingDetails,
  MASK_FINDINGS,
  reportImage,
} from './findings.js';
export { type Image, type ImageRules, MAX_PIXELS, probeImage, proveWhole, runImage } from './image.js';
export { type Indices, readIndices } from './indices.js';
export { type CountedSize, type MeasuredImages, measureImages, neededMinSize } from './measure.js';
export { IMAGE_EXTENSIONS, MIN_SIZE, MIN_SIZE_COMMENT, extensionSchema, sizeSchema } from './options.js';
export { readColours } from './colours.js';
export { readUprightSize } from './upright-size.js';
export { type ImageSize, type PartialSizes, SIZE_FINDINGS, SizeCheck, showSize } from './size-check.js';
