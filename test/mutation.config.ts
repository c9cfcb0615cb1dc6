import { defineConfig } from 'vitest/config';

/** The tests that say whether the core is right: no simulator, no stack, no network. Stryker runs those of them that reach a mutant. */
export default defineConfig({
  test: {
    include: ['test/functions/*.test.ts', 'test/functions/core/**/*.test.ts'],
    testTimeout: 60_000,
    // A process for each file takes four times as long, and the core keeps no state that a test could leave behind.
    isolate: false,
  },
});
