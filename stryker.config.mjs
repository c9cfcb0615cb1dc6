/**
 * Mutation testing of the core: would the tests fail if a decision were wrong? `npm run mutation` mutates all of it,
 * `npm run mutation -- --mutate functions/core/pick/quote.ts` one file. The reports lie in reports/mutation/.
 */

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  // The report page's script is proven in a browser.
  mutate: ['functions/core/**/*.ts', '!functions/core/report/browser/**'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation.config.ts' },
  coverageAnalysis: 'perTest',
  // A table or a schema at the top of a module belongs to no single test: each of its mutants would need all tests in a fresh process.
  ignoreStatic: true,
  // The sandbox is a copy: without what is installed, built or downloaded here.
  ignorePatterns: ['/.cache', '/.venv', '/.ruff_cache', '/.spot-diffusion', '/cdk.out', '/out'],
  // Nothing type-checks a mutant, so nothing has to be told not to.
  disableTypeChecks: false,
  // Stryker rewrites paths in this file with the compiler API of TypeScript, which TypeScript 7 no longer has; ours needs no rewriting.
  tsconfigFile: 'none',
  concurrency: 2,
  // A mutant that is slow because the machine is busy is not killed.
  timeoutMS: 30_000,
  reporters: ['clear-text', 'json', 'progress'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  thresholds: { high: 95, low: 85, break: 85 },
  tempDirName: '.stryker-tmp',
};
