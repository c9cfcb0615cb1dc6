import { defineConfig } from 'vitest/config';

/** The tests that say whether the core is right: no simulator, no stack, no network. Which of them, says `mutate.ts`. */
export default defineConfig({
  test: {
    include: process.env.MUTATION_TESTS?.split(','),
    testTimeout: 20_000,
    // A process for each file takes four times as long, and the core keeps no state that a test could leave behind.
    isolate: false,
  },
});
