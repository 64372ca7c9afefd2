export { tableSchema } from './layout.js';
export { openDatabase } from './open.js';
export type * from './types.js';
