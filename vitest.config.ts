import { defineConfig } from 'vitest/config';

const SLOW_TEST_MS = 120_000;

/** Unit tests sit beside the code; contract tests start real servers and tools; cluster tests need a kind cluster. */
export default defineConfig({
  test: {
    testTimeout: SLOW_TEST_MS,
    hookTimeout: SLOW_TEST_MS,
    projects: [
      { extends: true, test: { name: 'unit', include: ['**/*.test.ts'], exclude: ['**/*.contract.test.ts', '**/*.cluster.test.ts', '**/node_modules/**'] } },
      { extends: true, test: { name: 'contract', include: ['**/*.contract.test.ts'] } },
      { extends: true, test: { name: 'cluster', include: ['**/*.cluster.test.ts'] } },
    ],
  },
});
