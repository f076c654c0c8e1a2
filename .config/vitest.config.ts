/**
 * `npm test` runs the tests with modest numbers of random cases; `npm run test:deep` runs ten times as many.
 * EDDY_TEST_REPORT=FILE adds a JSON report, from which .ci/run reads its closing line.
 *
 * Every core runs test files: by default one would be left idle, of two as well.
 */
import { defineConfig } from 'vitest/config';

const report = process.env['EDDY_TEST_REPORT'];

/** What the book's examples import by the name of the package is this tree. */
const source = (file: string): string => new URL(`../${file}`, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: {
      'eddy-os/testing': source('lab/testing/index.ts'),
      'eddy-os/userland': source('userland/index.ts'),
    },
  },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts', 'docs/**/*.test.ts'],
    setupFiles: ['.config/vitest.setup.ts'],
    maxWorkers: '100%',
    testTimeout: process.env['EDDY_DEEP'] ? 600_000 : 60_000,
    hookTimeout: 60_000,
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
