import { timeToEventPrediction } from './prediction.js';

export { timeToEventPrediction };
export const tasks = [timeToEventPrediction] as const;
