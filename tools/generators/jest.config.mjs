import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'generators',
  // nx requires packages that have a version for `require` and another for `import`.
  testEnvironmentOptions: { customExportConditions: ['@tracebloc/source', 'node', 'require', 'default'] },
};
