export { JOB_ERRORS } from './errors.js';
