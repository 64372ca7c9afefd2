export { annotatedTable } from './table.js';
export type * from './types.js';
