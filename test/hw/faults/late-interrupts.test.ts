import { describe, expect, test } from 'vitest';
import { DISK, DISK_COMMAND, INTERRUPT_CONTROLLER, INTERRUPT_SOURCE } from '../../../hw/address-map.ts';
import type { Fault } from '../../../hw/faults/fault.ts';
import {
  type Code,
  csrRead,
  csrWrite,
  INTERRUPT,
  load,
  sendInterrupt,
  store,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { smallWith } from '../machines.ts';

const LATE = 5000;
type Kind = keyof typeof INTERRUPT;

const late = (interrupt: Kind, nth: number, cycles = LATE): Fault => ({
  kind: 'delay',
  interrupt,
  nth,
  cycles,
});

/** Asks for an interrupt of a kind, for this hart. */
const ASK: Readonly<Record<Kind, () => Code>> = {
  *timer() {
    yield csrWrite('stimecmp', (yield csrRead('time')) + 200);
  },
  *software() {
    yield sendInterrupt(0);
  },
  *external() {
    yield store(INTERRUPT_CONTROLLER.ROUTE + 4 * INTERRUPT_SOURCE.disk, 0);
    yield store(DISK.COUNT, 1);
    yield store(DISK.ADDRESS, 0x2000);
    yield store(DISK.COMMAND, DISK_COMMAND.read);
  },
};

const SETTLE: Readonly<Record<Kind, () => Code>> = {
  *timer() {
    yield csrWrite('stimecmp', 0);
  },
  *software() {
    yield csrWrite('sip', 0);
  },
  *external() {
    yield store(INTERRUPT_CONTROLLER.CLAIM, yield load(INTERRUPT_CONTROLLER.CLAIM));
  },
};

/** How long each of three interrupts takes, one after another. */
function waits(kind: Kind, faults: readonly Fault[]): number[] {
  const machine = new Machine(smallWith('smp', 1, { skew: 1 }), { faults });
  const took: number[] = [];
  machine.start(0, function* program() {
    yield csrWrite('sie', INTERRUPT[kind]);
    for (let time = 0; time < 3; time++) {
      const begun = yield csrRead('time');
      yield* ASK[kind]();
      yield waitForInterrupt();
      took.push((yield csrRead('time')) - begun);
      yield* SETTLE[kind]();
    }
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  return took;
}

describe.each(['timer', 'software', 'external'] as const)('a %s interrupt', (kind) => {
  test('comes late when it is told to, and the others in time', () => {
    const usual = waits(kind, []);
    const others = (['timer', 'software', 'external'] as const).filter((other) => other !== kind);
    expect(waits(kind, [late(kind, 1)])).toEqual([usual[0], (usual[1] ?? 0) + LATE, usual[2]]);
    expect(waits(kind, [late(kind, 0, 1), late(kind, 2, 7)])).toEqual([
      (usual[0] ?? 0) + 1,
      usual[1],
      (usual[2] ?? 0) + 7,
    ]);
    expect(waits(kind, [late(kind, 3), ...others.map((other) => late(other, 0))])).toEqual(usual);
  });
});

test('a timer that is set anew while its interrupt is late does not interrupt for the old time', () => {
  const machine = new Machine(smallWith('smp', 1, { skew: 1 }), { faults: [late('timer', 0, 1000)] });
  let pending = -1;
  machine.start(0, function* program() {
    yield csrWrite('stimecmp', (yield csrRead('time')) + 100);
    yield work(500);
    yield csrWrite('stimecmp', 0);
    yield work(5000);
    pending = yield csrRead('sip');
  });
  machine.run();
  expect(pending).toBe(0);
});

test('an inter-processor interrupt arrives late even if an earlier one has been answered meanwhile', () => {
  const machine = new Machine(smallWith('smp', 1, { skew: 1 }), { faults: [late('software', 0)] });
  const seen: number[] = [];
  machine.start(0, function* program() {
    yield sendInterrupt(0);
    yield sendInterrupt(0);
    for (let time = 0; time < 3; time++) {
      yield work(LATE / 2);
      seen.push(yield csrRead('sip'));
      yield csrWrite('sip', 0);
    }
  });
  machine.run();
  expect(seen).toEqual([INTERRUPT.software, 0, INTERRUPT.software]);
});
