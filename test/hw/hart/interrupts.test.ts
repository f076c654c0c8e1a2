import { describe, expect, test } from 'vitest';
import {
  csrRead,
  csrWrite,
  INTERRUPT,
  load,
  OP,
  sendInterrupt,
  SSTATUS,
  store,
  supervisorReturn,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { runBare, withTraps } from '../bare.ts';
import { small, smallWith } from '../machines.ts';
import { record } from '../record.ts';

describe('interrupts', () => {
  test('are taken in supervisor mode only when SIE is set', () => {
    const { seen } = withTraps(function* (soFar) {
      yield csrWrite('sie', -1);
      yield csrWrite('sip', INTERRUPT.software);
      yield work(10);
      expect(soFar).toEqual([]);
      yield csrWrite('sstatus', SSTATUS.SIE);
      yield work(10);
    });
    expect(seen.map(({ cause }) => cause)).toEqual([CAUSE.softwareInterrupt]);
  });

  test('are taken only when they are enabled one by one', () => {
    const { seen } = withTraps(function* () {
      yield csrWrite('sie', INTERRUPT.timer);
      yield csrWrite('sstatus', SSTATUS.SIE);
      yield csrWrite('sip', INTERRUPT.software);
      yield work(10);
    });
    expect(seen).toEqual([]);
  });

  test('of which several are pending are taken in the order external, software, timer', () => {
    const machine = new Machine(small());
    const causes: number[] = [];
    machine.start(0, function* run() {
      yield csrWrite(
        'stvec',
        machine.code.addressOf(function* handler() {
          const cause = yield csrRead('scause');
          causes.push(cause);
          // What cannot be cleared is masked.
          yield csrWrite('sie', (yield csrRead('sie')) & ~(1 << (cause & 31)));
          yield supervisorReturn();
        }),
      );
      machine.state.setPending(0, INTERRUPT.external | INTERRUPT.timer | INTERRUPT.software, true);
      yield csrWrite('sie', -1);
      yield csrWrite('sstatus', SSTATUS.SIE);
      yield work(1);
      yield work(1);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(causes).toEqual([CAUSE.externalInterrupt, CAUSE.softwareInterrupt, CAUSE.timerInterrupt]);
  });

  test('that software may set and clear are only software ones', () => {
    let pending = -1;
    runBare([
      function* () {
        yield csrWrite('sip', -1);
        pending = yield csrRead('sip');
        yield csrWrite('sip', 0);
        pending = pending * 100 + (yield csrRead('sip'));
      },
    ]);
    expect(pending).toBe(200);
  });

  test('from another hart are pending after the time that the machine says', () => {
    const config = smallWith('smp', 2, { skew: 1 });
    const machine = new Machine(config);
    const { of } = record(machine);
    machine.start(0, function* sender() {
      yield work(500);
      yield sendInterrupt(1);
    });
    machine.start(1, function* receiver() {
      yield csrWrite('sie', INTERRUPT.software);
      yield waitForInterrupt();
      yield csrWrite('sip', 0);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(of('wake').map(({ cycle }) => cycle)).toEqual([500 + config.timing.ipi]);
    expect(machine.counters.get(0, 'interruptsSent')).toBe(1);
  });

  test('cannot be sent to a hart that does not exist', () => {
    const { seen } = withTraps(function* () {
      yield sendInterrupt(1);
      yield sendInterrupt(-1);
    });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toEqual({ cause: CAUSE.illegalInstruction, value: OP.sendInterrupt });
  });

  test('do not make an instruction happen twice or not at all', () => {
    const machine = new Machine(small({}, { skew: 1 }));
    const results: number[] = [];
    machine.start(0, function* run() {
      yield csrWrite(
        'stvec',
        machine.code.addressOf(function* handler() {
          yield csrWrite('stimecmp', (yield csrRead('time')) + 25);
          yield supervisorReturn();
        }),
      );
      yield csrWrite('sie', -1);
      yield csrWrite('stimecmp', 20);
      yield csrWrite('sstatus', SSTATUS.SIE);
      for (let round = 0; round < 50; round++) {
        yield store(0x1000, round);
        results.push(yield load(0x1000));
      }
      yield csrWrite('sstatus', 0);
      yield csrWrite('stimecmp', 0);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(results).toEqual(Array.from({ length: 50 }, (_, round) => round));
    expect(machine.counters.get(0, 'interrupts')).toBeGreaterThan(10);
  });
});
