import { configDefaults, defineConfig } from 'vitest/config';

// No result may depend on the machine's zone. A zone other than UTC makes every mistake of this kind visible.
process.env.TZ = 'America/Los_Angeles';

const inCi = Boolean(process.env.CI);
/** Client libraries that need Python, Go, Java or a package of their own: `npm run test:clients`. */
const otherToolchains = process.env.TEST_CLIENTS === 'all' ? [] : ['test/clients/toolchains/**'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...otherToolchains],
    globalSetup: ['test/support/global-setup.ts'],
    // Temporal's native core and worker threads have not always been friends.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    // A loaded machine takes its time.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 180_000,
    reporters: inCi ? ['default', 'json'] : ['default'],
    outputFile: { json: '.throughline/test-results.json' },
  },
});
