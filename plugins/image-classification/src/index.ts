import { imageClassification } from './classification.js';

export { imageClassification };
export const tasks = [imageClassification] as const;
