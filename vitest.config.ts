import { defineConfig } from 'vitest/config';

// No result may depend on the machine's zone. A zone other than UTC makes every mistake of this kind visible.
process.env.TZ = 'America/Los_Angeles';

const inCi = Boolean(process.env.CI);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Temporal's native core and worker threads have not always been friends.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: inCi ? ['default', 'json'] : ['default'],
    outputFile: { json: '.throughline/test-results.json' },
  },
});
