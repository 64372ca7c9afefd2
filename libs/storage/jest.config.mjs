import preset, { mariaDbOnly } from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'storage',
  ...mariaDbOnly('mysql/(conflicts|infile|tls)\\.test\\.ts$'),
};
