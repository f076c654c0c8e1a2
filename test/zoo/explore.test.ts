/** `eddy explore` finds every bug of the zoo in its file, and nothing in the correct twin. */
import { describe, expect, test, vi } from 'vitest';
import type { ExploreResult } from '../../lab/explore/explore-result.ts';
import { eddyJson } from '../lab/captured-host.ts';
import { ZOO } from './catalogue.ts';
import { optionsFor } from './subject.ts';

// The compiler has checked the zoo's files with everything else.
vi.mock('../../lab/load/type-check.ts', () => ({ typeCheck: async () => [] }));

/** As the command names what shows. */
const INVARIANT = { deadlock: 'deadlock', assertion: 'crash' } as const;

/** How far the twins are searched here; zoo.test.ts runs every execution of them. */
const THROUGH = process.env['EDDY_DEEP'] ? ['--strategy', 'dpor'] : ['--schedules', '100'];

describe.each(ZOO)('eddy explore on $file ($id)', (bug) => {
  const explore = (...args: string[]) =>
    eddyJson<ExploreResult>(
      'explore',
      '--bare',
      `test/zoo/${bug.file}`,
      ...optionsFor(bug),
      '--jobs=1',
      ...args,
    );

  test('finds the bug', async () => {
    const { status, failure } = await explore();
    expect({ status, invariant: failure?.invariant }).toEqual({ status: 3, invariant: INVARIANT[bug.shows] });
    expect(failure?.preemptions).toBeLessThanOrEqual(bug.modelPreemptions + 1);
  });

  test('finds nothing in the correct twin', async () => {
    const { status, failure } = await explore('--set', 'correct=1', ...THROUGH);
    expect({ status, failure }).toEqual({ status: 0, failure: null });
  });
});
