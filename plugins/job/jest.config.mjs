import preset, { sharedMariaDb } from '../../jest.preset.mjs';

/** The end-to-end tests mostly wait for the processes that they start, so two files at a time use two cores. */
export default { ...preset, displayName: 'job', maxWorkers: 2 };
