import preset from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'tools',
  roots: ['<rootDir>/lint', '<rootDir>/packages', '<rootDir>/release'],
};
