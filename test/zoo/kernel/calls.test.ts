/**
 * Bugs of calls between domains for which a search with a bound on preemptions takes too long: others find them at once.
 * The second one was in the kernel, until a random walk found it.
 */
import { expect, test } from 'vitest';
import * as product from './laboratory.ts';
import { kernelTwins, type Planted } from './twins.ts';

const BUGS: readonly (Planted & { readonly shows: string; readonly sooner: string })[] = [
  {
    // Sent before its caller waits: the reply finds nobody at the mail.
    id: 'remote call',
    shows: 'deadlock',
    sooner: 'pct-3',
    scene: 'call-remote',
    file: 'kernel/ipc/ppc/remote.ts',
    edits: [
      ['  // In the queue before', '  yield* sendMail(local, mail, hart);\n  // In the queue before'],
      ['  yield* sendMail(local, mail, hart);\n  const result', '  const result'],
    ],
  },
  {
    // Seen in no queue while it is moved, a client that a time-out has woken stays in the second one.
    id: 'moved thread',
    shows: 'steps',
    sooner: 'random',
    scene: 'call-again',
    file: 'kernel/threads/wait-queue.ts',
    edits: [
      [
        '    yield* this.lockedUnlink(thread);\n    yield* to',
        '    yield* this.lockedRemove(thread);\n    yield* to',
      ],
    ],
  },
  {
    // Popped without the list's lock: two threads call on one A-stack, and one of them is refused.
    id: 'I02',
    shows: 'status',
    sooner: 'random',
    scene: 'a-stacks',
    file: 'userland/ipc/a-stack-list.ts',
    edits: [
      [
        '  if ((yield testAndSet(list + LIST.LOCK)) !== 0) return false;',
        '  yield testAndSet(list + LIST.LOCK);',
      ],
    ],
  },
];

test.each(BUGS)(
  '$id: the bug is found by $sooner, and its schedule breaks nothing in the product',
  async (bug) => {
    const { measure, laboratory } = await kernelTwins(bug);
    const found = measure('faulty', bug.sooner, { schedules: 100, seeds: 1 });
    const { executeBy, parseSchedule, subjectOf } = laboratory.faulty;
    const subject = subjectOf(bug.scene);
    const schedule = parseSchedule(found.schedule ?? '', subject.start().machine.actors);
    expect(executeBy(schedule, subject).failure?.invariant).toBe(bug.shows);
    expect(product.executeBy(schedule, product.subjectOf(bug.scene)).failure).toBeUndefined();
  },
  300_000,
);
