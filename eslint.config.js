import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Rooms meet through contract/ and the cluster, never by import. */
const rooms = ['webhook', 'watcher', 'control-plane', 'cli'];

const roomRule = (room) => ({
  files: [`${room}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: rooms.filter((other) => other !== room).map((other) => `**/${other}/**`),
            message: 'Rooms never import each other: put what both rely on into contract/.',
          },
          { group: ['**/test/**'], message: 'Nothing imports test/.' },
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['node_modules', 'test/reports', 'control-plane/ui/dist'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
        { selector: 'TSEnumDeclaration', message: 'Write a union of string literals.' },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only config.ts reads the environment.',
        },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/config.ts', 'test/**/*.ts', '**/*.test.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['vite.config.ts', 'vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  ...rooms.map(roomRule),
  {
    files: ['control-plane/ui/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat.recommended,
    // Only the React compiler, which is not used, cares about it.
    rules: { ...reactHooks.configs.flat.recommended.rules, 'react-hooks/incompatible-library': 'off' },
  },
  {
    files: ['contract/**/*.ts'],
    ignores: ['contract/**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\./|zod$)',
              message: 'contract/ imports nothing but itself, and zod for its schema.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['webhook/mutate/**/*.ts', 'watcher/decide/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pass the clock in.' },
        { object: 'Math', property: 'random', message: 'Pass randomness in.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'express', 'pino', 'prom-client', '@slack/*', '@kubernetes/*'],
              allowTypeImports: true,
              message: 'The core is pure: the wire, the clock and the client are passed in by the shell.',
            },
          ],
        },
      ],
    },
  },
);
