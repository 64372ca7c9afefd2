import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const inLayer = (layer, ...allowed) => ({ sourceTag: layer, onlyDependOnLibsWithTags: allowed });

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.demo/**', '.bench/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, prettier],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: [
            // Formats are discovered by the host, never imported: no layer may import a plugin, not even another plugin.
            inLayer('layer:app', 'layer:lib'),
            inLayer(
              'layer:plugin',
              'scope:core',
              'scope:contract',
              'scope:dataset',
              'scope:images',
              'scope:annotations',
              'scope:conformance',
              'scope:testing',
            ),
            // A plugin with commands of its own stands on what the host stands on, and never on the host.
            inLayer('layer:commands', 'scope:core', 'scope:contract', 'scope:config', 'scope:cli', 'scope:testing'),
            inLayer('layer:tool', 'scope:core', 'scope:contract', 'scope:dataset'),
            inLayer('layer:lib', 'layer:lib'),
            inLayer('scope:core', 'none'),
            inLayer('scope:contract', 'none'),
            inLayer('scope:config', 'scope:core', 'scope:contract'),
            inLayer('scope:cli', 'scope:core', 'scope:contract', 'scope:config'),
            inLayer('scope:dataset', 'scope:core', 'scope:contract'),
            inLayer('scope:storage', 'scope:core', 'scope:contract', 'scope:testing'),
            inLayer('scope:api', 'scope:core', 'scope:contract', 'scope:testing'),
            inLayer('scope:images', 'scope:core', 'scope:contract', 'scope:dataset', 'scope:testing'),
            inLayer(
              'scope:annotations',
              'scope:core',
              'scope:contract',
              'scope:dataset',
              'scope:images',
              'scope:testing',
            ),
            // The conformance kit reads datasets as a run does.
            inLayer('scope:conformance', 'scope:core', 'scope:contract', 'scope:config', 'scope:dataset'),
            inLayer('scope:testing', 'scope:core', 'scope:contract', 'scope:config', 'scope:dataset'),
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // Commands call services and renderers, and neither of these two calls the other.
    files: ['apps/ingestor/src/services/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '/(output|commands)/' }] }] },
  },
  {
    files: ['apps/ingestor/src/output/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '/(services|commands)/', allowTypeImports: true }] },
      ],
    },
  },
  {
    // A user's copy of a sample imports the package by its name. Tools run what the workspace has built, so that they import it.
    files: ['apps/ingestor/samples/**/*.ts', 'tools/**/*.ts'],
    ignores: ['tools/generators/**'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
);
