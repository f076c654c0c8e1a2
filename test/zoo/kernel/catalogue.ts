/** Bugs that are planted in the kernel itself: what is changed, and the scene that brings the kernel there. */
import type { Change } from './planted.ts';
import type { SceneName } from './scenes/index.ts';

export interface KernelBug extends Change {
  readonly id: string;
  readonly title: string;
  /** What is wrong, in a sentence. */
  readonly wrong: string;
  /** What breaks: as `eddy explore` names it, `tlb` where a TLB keeps what was unmapped. */
  readonly shows: string;
  /** The fewest preemptions that show it. */
  readonly preemptions: number;
  /** About how many schedules the search with a bound on preemptions takes to find it. */
  readonly schedules: number;
  /** A search that finds it much sooner, if with more preemptions. */
  readonly sooner?: string;
  readonly scene: SceneName;
}

export const KERNEL_BUGS: readonly KernelBug[] = [
  {
    id: 'V01',
    title: 'page-table entry cleared after the shootdown',
    wrong: 'Another hart loads the entry anew when it has answered, and keeps it.',
    shows: 'tlb',
    preemptions: 0,
    schedules: 2,
    scene: 'unmap',
    file: 'kernel/vm/region-unmap.ts',
    edits: [
      [
        '  let mapped = 0;\n',
        '  let mapped = 0;\n  yield* hat.shootdown(base + (first << PAGE_SHIFT), pages);\n',
      ],
      ['if (mapped > 0) yield* hat.shootdown(base + (first << PAGE_SHIFT), pages);', ''],
    ],
  },
  {
    id: 'V02',
    title: 'frame freed before the shootdown is answered',
    wrong: 'The other harts are asked, and nobody waits until they have dropped the page.',
    shows: 'tlb',
    preemptions: 0,
    schedules: 1,
    scene: 'unmap',
    file: 'kernel/vm/shootdown.ts',
    edits: [['if (hart !== me) yield* awaitAnswers(local, yield* localOf(local, hart));', '']],
  },
  {
    id: 'V05',
    title: 'two harts bring the same page in',
    wrong: 'The lock is dropped between the look for the page and the making of its descriptor.',
    shows: 'invariant.frames',
    preemptions: 1,
    schedules: 175,
    scene: 'fault',
    file: 'kernel/vm/fcm.ts',
    edits: [
      [
        'page = page === 0 ? yield* this.lockedBegin(',
        `yield* release(this.address + FCM.lock);
        yield* acquire(this.address + FCM.lock);
        page = page === 0 ? yield* this.lockedBegin(`,
      ],
    ],
  },
  {
    id: 'KP1',
    title: 'page taken for filled while it is busy',
    wrong: 'The state of the descriptor is not looked at: a second fault maps a page that has no frame yet.',
    shows: 'status',
    preemptions: 0,
    schedules: 1,
    scene: 'fault',
    file: 'kernel/vm/fcm.ts',
    edits: [['else if (state === PAGE_STATE.valid) {', 'else if (state !== -1) {']],
  },
  {
    id: 'KP2',
    title: 'region looked at before it is counted as in use',
    wrong: 'The region is stopped and destroyed between the look and the count.',
    shows: 'panic',
    preemptions: 1,
    schedules: 135,
    scene: 'unmap-fault',
    file: 'kernel/vm/region-use.ts',
    edits: [
      ['import { type Code, load } from', 'import { type Code, fetchAndAdd, load } from'],
      ['import { enterCounted, leaveCounted } from', 'import { insideOf, leaveCounted } from'],
      [
        '  return yield* enterCounted(rep + REGION.inUse);',
        `  const seen = yield load(rep + REGION.inUse);
  if (seen !== insideOf(seen)) return false;
  yield fetchAndAdd(rep + REGION.inUse, 1);
  return true;`,
      ],
    ],
  },
  {
    id: 'KP3',
    title: 'in-use count lowered in two accesses',
    wrong: 'Another fault comes in or goes out between the load and the store of the count.',
    shows: 'deadlock',
    preemptions: 1,
    schedules: 495,
    scene: 'unmap-fault',
    file: 'kernel/locks/counted.ts',
    edits: [
      [
        'import { type Code, compareAndSwap, fetchAndAdd, load, panic } from',
        'import { type Code, compareAndSwap, fetchAndAdd, load, panic, store } from',
      ],
      [
        'const old = yield fetchAndAdd(count, -1);',
        'const old = yield load(count);\n  yield store(count, old - 1);',
      ],
    ],
  },
  {
    id: 'KT1',
    title: 'access check dropped in the page fault',
    wrong: 'A store to a page that may only be read faults for ever, and is never refused.',
    shows: 'steps',
    preemptions: 0,
    schedules: 1,
    scene: 'read-only',
    file: 'kernel/vm/region.ts',
    edits: [
      [
        "return (flags & (access === 'store' ? MAP.WRITE : MAP.READ | MAP.WRITE)) !== 0;",
        "return (flags & (access === 'store' ? MAP.READ | MAP.WRITE : MAP.READ | MAP.WRITE)) !== 0;",
      ],
    ],
  },
  {
    id: 'KT2',
    title: 'interrupt acknowledged after the look',
    wrong: 'A request that comes between the look into the mailbox and the acknowledgement is never seen.',
    shows: 'deadlock',
    preemptions: 1,
    schedules: 2330,
    scene: 'unmap-twice',
    file: 'kernel/trap/interrupts.ts',
    edits: [
      [
        `    yield csrWrite('sip', 0);
    yield* serveMailbox(local);`,
        `    yield* serveMailbox(local);
    yield csrWrite('sip', 0);`,
      ],
    ],
  },
  {
    id: 'KS1',
    title: 'mailbox not served while waiting',
    wrong: 'Two harts that shoot at each other both wait for an answer, and give none.',
    shows: 'deadlock',
    preemptions: 0,
    schedules: 1,
    scene: 'unmap-both',
    file: 'kernel/locks/mailbox.ts',
    edits: [
      [
        'if ((yield spinUntilAny(address, value, local + HART.mailboxRequested, completed)) === 0) return;',
        'if ((yield spinUntilAny(address, value, address, value)) === 0 || completed === -1) return;',
      ],
    ],
  },
  {
    id: 'KW1',
    title: 'futex: lock dropped before the thread is queued',
    wrong: 'A wake-up between the two finds nobody, and the sleeper is never woken.',
    shows: 'deadlock',
    preemptions: 1,
    schedules: 90,
    scene: 'futex',
    file: 'kernel/threads/futex.ts',
    edits: [
      [
        `  if (equal) {
    yield* lockedPrepareWait(`,
        `  if (equal) {
    yield* release(bucket + FUTEX_BUCKET.lock);
    yield* acquire(bucket + FUTEX_BUCKET.lock);
    yield* lockedPrepareWait(`,
      ],
    ],
  },
  {
    id: 'KW2',
    title: 'futex: word read outside the lock',
    wrong: 'The word changes and its sleepers are woken between the look and the lock.',
    shows: 'deadlock',
    preemptions: 1,
    schedules: 85,
    scene: 'futex',
    file: 'kernel/threads/futex.ts',
    edits: [
      [
        `  yield* acquire(bucket + FUTEX_BUCKET.lock);
  const equal = (yield load(page.physical)) === expected;`,
        `  const equal = (yield load(page.physical)) === expected;
  yield* acquire(bucket + FUTEX_BUCKET.lock);`,
      ],
    ],
  },
  {
    id: 'KW3',
    title: 'dispatcher clears interrupts before it waits',
    wrong:
      'A thread that is made runnable after the look into the queue waits for an interrupt that is gone.',
    shows: 'deadlock',
    preemptions: 1,
    schedules: 1165,
    scene: 'futex',
    file: 'kernel/threads/dispatcher.ts',
    edits: [
      ['switchContext, waitForInterrupt } from', 'switchContext, waitForInterrupt, csrWrite } from'],
      [
        '  if (yield* policy.idle(local)) return 0;',
        `  if (yield* policy.idle(local)) return 0;
  yield csrWrite('sip', 0);`,
      ],
    ],
  },
  {
    id: 'KW4',
    title: 'kill not looked for before a wait',
    wrong: 'A kill that comes when the thread does not wait yet is forgotten when it does.',
    shows: 'deadlock',
    preemptions: 1,
    schedules: 3,
    scene: 'exit-while-waiting',
    file: 'kernel/threads/block.ts',
    edits: [
      ['if (!(yield* cutShort(thread))) ', ''],
      ['  else if (next !== 0) yield* enqueue(next);\n', ''],
    ],
  },
  {
    id: 'KM1',
    title: 'mutex looked at before its queue is entered, with the lock dropped between',
    wrong: 'Whoever gives the mutex up in between finds nobody in the queue; the other waits for ever.',
    shows: 'deadlock',
    preemptions: 1,
    schedules: 75,
    scene: 'mutex-handover',
    file: 'kernel/sync/mutex.ts',
    edits: [
      [
        `  if (taken && timeout >= 0) yield* lockedEnqueue(thread, mutex, WAIT.mutex, timeout);
  else`,
        `  if (taken && timeout >= 0) {
    yield* release(mutex + MUTEX.lock);
    yield* acquire(mutex + MUTEX.lock);
    yield* lockedEnqueue(thread, mutex, WAIT.mutex, timeout);
  } else`,
      ],
    ],
  },
  {
    id: 'KM2',
    title: 'holder not cleared when it ends',
    wrong: 'The mutex stays a thread’s that there is no more.',
    shows: 'deadlock',
    preemptions: 0,
    schedules: 1,
    scene: 'mutex-inherited',
    file: 'kernel/processes/end.ts',
    edits: [['  yield* abandonLocks(thread);\n', '']],
  },
  {
    id: 'KM3',
    title: 'time-out that leaves the waiter in the queue',
    wrong: 'The thread goes on, and the mutex has somebody who waits and never takes it.',
    shows: 'status',
    preemptions: 0,
    schedules: 1,
    scene: 'mutex-timeout',
    file: 'kernel/threads/block.ts',
    edits: [['if (queue !== 0) yield* new WaitQueue(queue).lockedRemove(thread);', '']],
  },
  {
    id: 'KM4',
    title: 'generation of a barrier’s leaf not advanced',
    wrong: 'In the second episode each arrival forgets the ones before it.',
    shows: 'deadlock',
    preemptions: 0,
    schedules: 1,
    scene: 'barrier-twice',
    file: 'kernel/sync/barrier.ts',
    edits: [['  yield store(leaf + BARRIER.generation, generation);\n', '']],
  },
  {
    id: 'KE1',
    title: 'two harts make the representative of their cluster',
    wrong: 'The lock of the root is dropped: both miss, both make one, and the root knows one of them.',
    shows: 'invariant.heap',
    preemptions: 1,
    schedules: 1650,
    sooner: 'random',
    scene: 'fault-of-two-others',
    file: 'kernel/objects/root.ts',
    edits: [
      [
        `    yield* acquire(this.address + ROOT.lock);
    const state = yield load(this.address + ROOT.state);
    let rep = 0;`,
        `    const state = yield load(this.address + ROOT.state);
    let rep = 0;`,
      ],
      [
        `    yield* release(this.address + ROOT.lock);
    return state === ROOT_STATE.replaced ? LOOK_AGAIN : rep;`,
        '    return state === ROOT_STATE.replaced ? LOOK_AGAIN : rep;',
      ],
    ],
  },
  {
    id: 'KC1',
    title: 'port: lock dropped before the server is queued',
    wrong:
      'A call that comes between the look for calls and the wait stands in the queue, and nobody takes it.',
    shows: 'deadlock',
    preemptions: 2,
    schedules: 1786,
    sooner: 'pct-3',
    scene: 'call-once',
    file: 'kernel/ipc/receive.ts',
    edits: [
      ['  if (!found && !dead) {\n', '  yield* release(lock);\n  if (!found && !dead) {\n'],
      ['  yield* release(lock);\n  if ((found', '  if ((found'],
    ],
  },
  {
    id: 'KC2',
    title: 'call given up, and the server not told',
    wrong: 'The server replies to a call that has timed out, and the next one gets the answer.',
    shows: 'status',
    preemptions: 1,
    schedules: 9,
    scene: 'call-again',
    file: 'kernel/ipc/call.ts',
    edits: [['  yield* forgetServer(thread, sent.lock);\n', '']],
  },
];
