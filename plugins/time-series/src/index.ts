import { timeSeriesForecasting } from './forecasting.js';

export { timeSeriesForecasting };
export const tasks = [timeSeriesForecasting] as const;
