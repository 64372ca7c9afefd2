import preset, { mariaDbOnly } from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'storage',
  ...mariaDbOnly('mysql/(errors/conflicts|load/infile|connection/tls)\\.test\\.ts$'),
};
