import { tabularClassification } from './classification.js';
import { tabularRegression } from './regression.js';

export { tabularClassification, tabularRegression };
export const tasks = [tabularClassification, tabularRegression] as const;
