import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/own-temp.ts',
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/slowest-files.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The default of one second is a verdict on the machine's load, not on the page.
    expect: { poll: { timeout: 20_000 } },
    // Real processes on two cores: what fails once is tried again, and the report says so (`retry x1`).
    retry: 1,
    // Two cores: each local workflow starts an engine and workers of its own.
    maxWorkers: 2,
  },
});
