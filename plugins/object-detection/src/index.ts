import { objectDetection } from './detection.js';

export { objectDetection };
export const tasks = [objectDetection] as const;
