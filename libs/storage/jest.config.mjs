import preset, { mariaDbOnly, sharedMariaDb } from '../../jest.preset.mjs';

export default {
  ...preset,
  ...sharedMariaDb,
  displayName: 'storage',
  ...mariaDbOnly('mysql/(errors/conflicts|load/infile|connection/tls)\\.test\\.ts$'),
};
