export { BIN, documentOf, lastLine, start, type Ended, type Env, type Running } from './command.js';
export { GOOD_CSV, TWO_COLUMNS, yamlOf, type ConfigFields } from './config.js';
export { World, type Row, type Traces } from './world.js';
