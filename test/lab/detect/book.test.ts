/** What the book's section on detectors shows is what the commands print. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { eddy } from '../captured-host.ts';

// The compiler has checked the book's programs with everything else.
vi.mock('../../../lab/load/type-check.ts', () => ({ typeCheck: async () => [] }));

const chapter = readFileSync(
  new URL('../../../docs/book/02-testing-concurrency.md', import.meta.url),
  'utf8',
).replaceAll('\\\n ', '');
const shown = [...chapter.matchAll(/```\n\$ npm run -s eddy -- ([^\n]*--detect [^\n]*)\n(.*?)```/gs)].map(
  ([, command = '', printed = '']) => ({ command, printed }),
);

test('the chapter shows detectors', () => {
  expect(shown.length).toBeGreaterThan(1);
});

test.each(shown)('$command', async ({ command, printed }) => {
  const { status, output, errors } = await eddy(...command.split(/ +/));
  expect({ status, printed: output + errors }).toEqual({ status: 1, printed });
});
