export * from './finding.js';
export * from './json.js';
export * from './plugin.js';
export * from './reader.js';
export * from './record.js';
export * from './sql-type.js';
export * from './survey.js';
export * from './task.js';
