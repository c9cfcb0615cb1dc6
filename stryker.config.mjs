/** What `test/mutate.ts` runs, a room of the core at a time. */

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
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
  // Beside what the start of the tests takes. A mutant that is slow because the machine is busy is not noticed by that.
  timeoutMS: 10_000,
  reporters: ['json', 'progress'],
  jsonReporter: { fileName: process.env.MUTATION_REPORT },
  tempDirName: '.stryker-tmp',
};
