import preset from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'tools',
  roots: ['<rootDir>/bootstrap', '<rootDir>/docs', '<rootDir>/lint', '<rootDir>/packages', '<rootDir>/release'],
};
