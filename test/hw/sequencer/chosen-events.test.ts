/** Device events as actors: an arbiter decides when they happen, before their time or after. */
import { describe, expect, test } from 'vitest';
import { DISK, DISK_COMMAND, DISK_STATUS } from '../../../hw/address-map.ts';
import {
  type Code,
  csrRead,
  csrWrite,
  load,
  sendInterrupt,
  SSTATUS,
  store,
  supervisorReturn,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import { smallWith } from '../machines.ts';

const SEEN = 0x100;
const BUFFER = 0x2000;

/** Counts interrupts in the word SEEN, and turns them off. */
function* handler(): Code {
  yield store(SEEN, (yield load(SEEN)) + 1);
  yield csrWrite('stimecmp', 0);
  yield csrWrite('sip', 0);
  yield supervisorReturn();
}

function machineWith(harts: number, ...programs: (() => Code)[]): Machine {
  const machine = new Machine(smallWith('smp', harts));
  machine.chooseEvents();
  for (const [hart, program] of programs.entries()) {
    machine.start(hart, function* run() {
      yield csrWrite('stvec', machine.code.addressOf(handler));
      yield csrWrite('sie', -1);
      yield* program();
    });
  }
  return machine;
}

/** Takes the event as soon as it is offered, or only when nothing else is. */
const eager: Arbiter = { choose: (runnable) => runnable.at(-1) };
const lazy: Arbiter = { choose: (runnable) => runnable[0] };

describe('a timer', () => {
  const AHEAD = 5000;
  const counted: number[] = [];
  function* armed(): Code {
    yield csrWrite('stimecmp', (yield csrRead('time')) + AHEAD);
    yield csrWrite('sstatus', SSTATUS.SIE);
    for (let round = 0; round < 4; round++) {
      yield work(1);
      counted.push(yield load(SEEN));
    }
    yield csrWrite('sstatus', 0);
  }

  test('is offered under its own name while it is set', () => {
    const machine = machineWith(1, armed);
    const offered = new Set<number>();
    machine.runArbitrated({
      choose(runnable) {
        for (const actor of runnable) offered.add(actor);
        return runnable[0];
      },
    });
    expect(offered).toEqual(new Set([0, machine.actors.of('timer', 0)]));
    expect(machine.pendingEvents()).toEqual([]);
  });

  test('can come before its time, as if its hart had been slow', () => {
    counted.length = 0;
    const machine = machineWith(1, armed);
    expect(machine.runArbitrated(eager)).toEqual({ kind: 'finished' });
    expect(counted).toEqual([1, 1, 1, 1]);
    expect(machine.clock(0)).toBeGreaterThan(AHEAD);
  });

  test('can come after everything else', () => {
    counted.length = 0;
    expect(machineWith(1, armed).runArbitrated(lazy)).toEqual({ kind: 'finished' });
    expect(counted).toEqual([0, 0, 0, 0]);
  });

  test('that is never chosen comes by itself in the end', () => {
    const machine = machineWith(1, function* polls() {
      yield csrWrite('stimecmp', (yield csrRead('time')) + 10);
      yield csrWrite('sstatus', SSTATUS.SIE);
      while ((yield load(SEEN)) === 0) yield work(100);
      yield csrWrite('sstatus', 0);
    });
    expect(machine.runArbitrated(lazy, 10_000)).toEqual({ kind: 'finished' });
    expect(machine.clock(0)).toBeGreaterThan(20_000);
  });

  test('without chooseEvents is no actor and comes when it is due', () => {
    counted.length = 0;
    const machine = new Machine(smallWith('smp', 1));
    machine.start(0, function* run() {
      yield csrWrite('stvec', machine.code.addressOf(handler));
      yield csrWrite('sie', -1);
      yield* armed();
    });
    const offered: string[] = [];
    machine.runArbitrated({ choose: (runnable) => (offered.push(runnable.join()), runnable[0]) });
    expect(new Set(offered)).toEqual(new Set(['0']));
    expect(counted).toEqual([0, 0, 0, 0]);
  });
});

test('a software interrupt arrives when the arbiter says so, and wakes a hart that waits', () => {
  for (const arbiter of [eager, lazy]) {
    const machine = machineWith(
      2,
      function* sends() {
        yield sendInterrupt(1);
        for (let round = 0; round < 3; round++) yield work(1);
      },
      function* waits() {
        yield waitForInterrupt();
        yield store(SEEN, 7);
      },
    );
    const taken: string[] = [];
    const stop = machine.runArbitrated({
      choose(runnable, step) {
        const actor = arbiter.choose(runnable, step) as number;
        taken.push(machine.actors.at(actor).kind);
        return actor;
      },
    });
    expect(stop).toEqual({ kind: 'finished' });
    expect(taken.filter((kind) => kind === 'interrupt')).toHaveLength(1);
    expect(machine.peek(SEEN)).toBe(7);
  }
});

test('a disk request ends when the arbiter says so, with its data', () => {
  const found: number[] = [];
  const machine = machineWith(1, function* reads() {
    yield store(DISK.BLOCK, 3);
    yield store(DISK.COUNT, 1);
    yield store(DISK.ADDRESS, BUFFER);
    yield store(DISK.COMMAND, DISK_COMMAND.read);
    found.push(yield load(DISK.STATUS), yield load(BUFFER));
  });
  machine.disk.image.fill(5);
  expect(machine.runArbitrated(eager)).toEqual({ kind: 'finished' });
  expect(found).toEqual([DISK_STATUS.done, 0x05050505]);
});
