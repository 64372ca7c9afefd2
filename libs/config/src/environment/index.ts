/** What commands need that use no dataset's configuration: without the parser and the schema of ingest.yaml. */
export { LOCAL_DATABASE, LOCAL_FOLDER } from './local.js';
export { resolveEnvironment, type EnvironmentOptions, type Need } from './environment.js';
