import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/own-temp.ts',
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: each local workflow starts an engine and workers of its own.
    maxWorkers: 2,
  },
});
