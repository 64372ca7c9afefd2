import { textClassification } from './classification.js';

export { textClassification };
export const tasks = [textClassification] as const;
