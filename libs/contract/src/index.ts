export type * from './finding.js';
export type * from './json.js';
export * from './options.js';
export * from './plugin.js';
export type * from './reader.js';
export type * from './record.js';
export * from './sql-type.js';
export * from './survey.js';
export type * from './task.js';
