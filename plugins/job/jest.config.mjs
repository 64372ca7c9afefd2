import preset, { sharedMariaDb } from '../../jest.preset.mjs';

/** The end-to-end tests mostly wait for processes of their own, so that two files at a time fill two cores. */
export default { ...preset, ...sharedMariaDb, displayName: 'job', maxWorkers: 2 };
