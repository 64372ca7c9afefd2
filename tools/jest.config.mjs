import preset from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'tools',
  roots: ['<rootDir>/docs', '<rootDir>/lint', '<rootDir>/packages', '<rootDir>/release'],
};
