import { defineConfig } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';

const SLOW_TEST_MS = 180_000;
/** Most of the time a test waits for servers and tools, which leave a core to another one; more than that make each other late. */
const FILES_AT_ONCE = 2;

/** Ends the output with one plain line of counts, and says why a test was skipped: a skipped test is not a passed one. */
const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that could not be loaded has no tests to fail.
    const broken = modules.filter((module) => module.errors().length > 0).length;
    for (const test of tests) {
      const result = test.result();
      if (result.state === 'skipped')
        process.stdout.write(`skipped: ${test.fullName} (${result.note ?? 'no reason given'})\n`);
    }
    process.stdout.write(
      `${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped\n`,
    );
  },
};

/** Unit tests sit beside the code; contract tests start real servers and tools; cluster tests need Docker or a cluster; nightly ones take hours. */
export default defineConfig({
  test: {
    testTimeout: SLOW_TEST_MS,
    hookTimeout: SLOW_TEST_MS,
    maxWorkers: FILES_AT_ONCE,
    reporters: ['default', closingLine],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/*.contract.test.ts', '**/*.cluster.test.ts', '**/*.nightly.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['**/*.contract.test.ts'],
          globalSetup: ['harness/machine/tools/testing/provide-programs.ts'],
        },
      },
      { extends: true, test: { name: 'cluster', include: ['**/*.cluster.test.ts'] } },
      { extends: true, test: { name: 'nightly', include: ['**/*.nightly.test.ts'] } },
    ],
  },
});
