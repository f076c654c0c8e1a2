/**
 * Bugs planted in the kernel's scheduling, one at a time: random threads must meet each of them, and the product none with
 * the same scenes.
 */
import { describe, expect, test } from 'vitest';
import { type Change, loadChanged } from '../../zoo/kernel/planted.ts';
import * as product from './random-threads.ts';
import type { Scene } from './random-threads.ts';

const BUSY: Omit<Scene, 'seed'> = {
  scheduler: 'fcfs',
  degree: 'shared',
  harts: 4,
  threads: 5,
  actions: 12,
  schedule: 'adverse',
};

/** Little else goes on, so that nothing comes to the rescue. */
const QUIET: Omit<Scene, 'seed'> = { ...BUSY, threads: 1, actions: 1 };

interface Bug extends Change {
  readonly title: string;
  readonly where: Omit<Scene, 'seed'>;
}

const BUGS: readonly Bug[] = [
  {
    title: 'W05: an idle hart does not look again',
    file: 'kernel/scheduling/queued.ts',
    edits: [
      [
        '  yield* announceIdle(local);\n',
        '  yield* announceIdle(local);\n  if (rules.degree !== undefined) return false;\n',
      ],
    ],
    where: { ...QUIET, scheduler: 'fixed-processor', degree: 'hart' },
  },
  {
    title: 'giving way while the context is in use',
    file: 'kernel/threads/move.ts',
    edits: [['  if (roams) yield store(local', '  if (roams && thread === 0) yield store(local']],
    where: BUSY,
  },
  {
    title: 'stealing one that is switching away',
    file: 'kernel/scheduling/stays.ts',
    edits: [['HART.current)) === thread) return true;', 'HART.current)) === -1) return true;']],
    where: QUIET,
  },
  {
    title: 'moving with an armed time-out',
    file: 'kernel/scheduling/stays.ts',
    edits: [['  return (yield load(thread + THREAD.timerArmed)) !== 0;', '  return false;']],
    where: BUSY,
  },
  {
    title: 'hastened, and left in its queue: in two of them',
    file: 'kernel/scheduling/run-queue.ts',
    edits: [['    if (at !== 0) yield* this.lockedRemove({ thread, before });\n', '']],
    where: BUSY,
  },
  {
    title: 'a queue without its lock',
    file: 'kernel/scheduling/queued.ts',
    edits: [
      [
        '  yield* acquire(queue + RUN_QUEUE.lock);\n  const place = yield* lockedBest(rules, local, queue);\n  if (place.thread',
        '  const place = yield* lockedBest(rules, local, queue);\n  if (place.thread',
      ],
      ['lockedRemove(place);\n  yield* release(queue + RUN_QUEUE.lock);', 'lockedRemove(place);'],
    ],
    where: BUSY,
  },
];

const SEEDS = process.env['EDDY_DEEP'] === undefined ? 30 : 400;

describe('planted bugs are met', () => {
  test.each(BUGS)('$title', { timeout: 60_000 }, async ({ where, ...change }) => {
    const faulty = (await loadChanged(
      'test/kernel/scheduling/random-threads.ts',
      change,
    )) as unknown as typeof product;
    let seed = 1;
    while (seed < SEEDS && faulty.problemsOf({ ...where, seed }).length === 0) seed += 1;
    expect(faulty.problemsOf({ ...where, seed })).not.toEqual([]);
    expect(product.problemsOf({ ...where, seed })).toEqual([]);
  });
});
