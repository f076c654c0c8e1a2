/**
 * `npm test` runs the tests with modest numbers of random cases; `npm run test:deep` runs ten times as many.
 * EDDY_TEST_REPORT=FILE adds a JSON report, from which .ci/run reads its closing line.
 */
import { defineConfig } from 'vitest/config';

const report = process.env['EDDY_TEST_REPORT'];

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    setupFiles: ['.config/vitest.setup.ts'],
    testTimeout: process.env['EDDY_DEEP'] ? 600_000 : 60_000,
    hookTimeout: 60_000,
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
