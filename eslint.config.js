/* What eslint holds the page, the tests and the build scripts to: its recommended rules, and the rules of hooks. What is
 * unused in www/ is found by tsc, which also knows what JSX uses; how it looks is prettier's business. */
import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';

export default [
  { ignores: ['build/', 'build-*/', 'data/', 'www/model/verb_rules.js'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      /* Named to be left out: `const { id, ...rest } = frame`. */
      'no-unused-vars': ['error', { ignoreRestSiblings: true, destructuredArrayIgnorePattern: '^_' }],
    },
  },
  {
    files: ['www/**/*.{js,jsx}'],
    languageOptions: { globals: globals.browser, parserOptions: { ecmaFeatures: { jsx: true } } },
    plugins: { 'react-hooks': hooks },
    rules: { 'no-unused-vars': 'off', 'react-hooks/rules-of-hooks': 'error' },
  },
  { files: ['**/*.{mjs,cjs}', '*.js'], languageOptions: { globals: globals.nodeBuiltin } },
  /* These hand functions to the browser, which run there. */
  { files: ['tests/browser/**/*.mjs'], languageOptions: { globals: globals.browser } },
];
