/** Small programs with a planted bug, each beside its correct twin. */
import {
  awaitTestAndSet,
  type Code,
  fetchAndAdd,
  load,
  pause,
  spinUntil,
  store,
  testAndSet,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import type { Subject } from '../../../lab/explore/subject.ts';

const LOCK = 0x1000;
const OTHER = 0x1040;
const COUNT = 0x2000;
const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 1024, ways: 2, line: 64 },
  disk: { blocks: 8, seek: 0, transfer: 1 },
} as const;

export interface Planted {
  readonly name: string;
  /** What breaks. */
  readonly breaks: string;
  /** Preemptions that it takes. */
  readonly preemptions: number;
  readonly broken: Subject;
  /** What each hart of the broken one executes. */
  readonly program: (hart: number) => Code;
  readonly correct: Subject;
}

/** Runs a program on every hart; each of them is to add 1 to the counter. */
export const counting = (harts: number, program: (hart: number) => Code, storeBuffer = 0): Subject => ({
  steps: 2000,
  start() {
    const machine = new Machine(presetConfig('smp', { harts, set: { ...SMALL, storeBuffer } }));
    for (let hart = 0; hart < harts; hart++) machine.start(hart, program, hart);
    return {
      machine,
      judge(stop) {
        if (stop.kind === 'budget') return { invariant: 'steps', message: 'goes on for ever' };
        if (stop.kind !== 'finished') return { invariant: stop.kind, message: stop.kind };
        const count = machine.peek(COUNT);
        return count === harts ? undefined : { invariant: 'count', message: `${count} of ${harts}` };
      },
    };
  },
});

function* add(): Code {
  const count = yield load(COUNT);
  yield store(COUNT, count + 1);
}

const locked = (acquire: () => Code) =>
  function* (): Code {
    yield* acquire();
    yield* add();
    yield store(LOCK, 0);
  };

const lostUpdate: Planted = {
  name: 'lost update',
  breaks: 'count',
  preemptions: 1,
  program: add,
  broken: counting(2, add),
  correct: counting(2, function* () {
    yield fetchAndAdd(COUNT, 1);
  }),
};

const testedThenSet = locked(function* () {
  yield spinUntil(LOCK, 0);
  yield store(LOCK, 1);
});

const testThenSet: Planted = {
  name: 'lock that is tested, then set',
  breaks: 'count',
  preemptions: 2,
  // One preemption lets both in, and it takes another for them to lose a count.
  program: testedThenSet,
  broken: counting(2, testedThenSet),
  correct: counting(
    3,
    locked(function* () {
      while (yield testAndSet(LOCK)) yield pause();
    }),
  ),
};

const twoLocks = (order: (hart: number) => readonly [number, number]) =>
  function* (hart: number): Code {
    const [first, second] = order(hart);
    yield* acquire(first);
    yield* acquire(second);
    yield* add();
    yield store(second, 0);
    yield store(first, 0);
  };

function* acquire(lock: number): Code {
  yield awaitTestAndSet(lock);
}

const inBothOrders = twoLocks((hart) => (hart === 0 ? [LOCK, OTHER] : [OTHER, LOCK]));

const bothOrders: Planted = {
  name: 'two locks in both orders',
  breaks: 'deadlock',
  preemptions: 1,
  program: inBothOrders,
  broken: counting(2, inBothOrders),
  correct: counting(
    2,
    twoLocks(() => [LOCK, OTHER]),
  ),
};

export const PLANTED: readonly Planted[] = [lostUpdate, testThenSet, bothOrders];

/** Two harts that each announce themselves and look for the other, which store buffers hide; then they add. */
export const storeThenLook: Subject = counting(
  2,
  function* (hart) {
    yield store(LOCK + 64 * hart, 1);
    if ((yield load(LOCK + 64 * (1 - hart))) === 0) yield* add();
    else yield fetchAndAdd(COUNT, 1);
  },
  4,
);
