export {
  IMAGE_FINDINGS,
  type ImageFindingCode,
  type ImageFindingDetails,
  MASK_FINDINGS,
  reportImage,
} from './findings.js';
export { CONVERSION_FINDINGS, ConversionTally, type PartialConversions } from './conversions.js';
export { type FitRules, type FittedImage, fitImage } from './fit.js';
export { type MaskOptions, fitMask } from './fit-mask.js';
export { ENCODING_SCHEMAS, type EncodingOptions, changedEncoding, fitSchema } from './fit-options.js';
export {
  FITTED_SIZE,
  type FittedOptions,
  describeFitted,
  fittedSchemas,
  refuseLarge,
  resolveFitted,
  resolveSized,
} from './fitted-options.js';
export {
  type Box,
  type Fit,
  type Placement,
  type Point,
  changesImage,
  isTurned,
  moveBox,
  movePoint,
  placeImage,
  turnBox,
  turnPoint,
  uprightSize,
} from './geometry.js';
export { type Image, type ImageRules, MAX_PIXELS, probeImage, proveWhole, runImage } from './image.js';
export { type DetectedImages, detectGivenImages, detectImages } from './detect-images.js';
export { ImageTally, type PartialImages } from './image-tally.js';
export { IndexCounts, type ReadonlyCounts, sampleIndices } from './index-counts.js';
export { type Indices, readIndices } from './indices.js';
export { type MaskedImage, fitMaskedImage } from './masked-image.js';
export {
  type CountedSize,
  type ImageMeasures,
  type MeasuredImages,
  describeConversions,
  listSizes,
  measureImages,
  neededMinSize,
  storedExtension,
} from './measure.js';
export {
  CONVERTIBLE_EXTENSIONS,
  IMAGE_EXTENSIONS,
  convertibleFiles,
  MIN_SIZE,
  MIN_SIZE_COMMENT,
  extensionSchema,
  sizeSchema,
} from './options.js';
export { readColours } from './colours.js';
export { readUprightSize } from './upright-size.js';
export { type MaskNames, type SurveyedMasks, describeMasked, surveyMasked } from './survey-masked.js';
export { type ImageSize, type PartialSizes, SIZE_FINDINGS, SizeCheck, showSize } from './size-check.js';
