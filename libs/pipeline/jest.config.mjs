import preset, { mariaDbOnly, sharedMariaDb } from '../../jest.preset.mjs';

/** What a server takes for a value is spelled differently in MySQL. */
export default { ...preset, ...sharedMariaDb, displayName: 'pipeline', ...mariaDbOnly('checked-values\\.test\\.ts$') };
