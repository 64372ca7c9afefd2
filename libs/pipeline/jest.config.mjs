import preset, { mariaDbOnly } from '../../jest.preset.mjs';

/** What a server takes for a value is spelled differently in MySQL. */
export default { ...preset, displayName: 'pipeline', ...mariaDbOnly('checked-values\\.test\\.ts$') };
