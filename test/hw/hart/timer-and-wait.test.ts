import { describe, expect, test } from 'vitest';
import {
  csrRead,
  csrWrite,
  INTERRUPT,
  pause,
  sendInterrupt,
  SSTATUS,
  supervisorReturn,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { runBare, withTraps } from '../bare.ts';
import { small, smallWith } from '../machines.ts';

describe('the timer', () => {
  /** Cycles from setting the timer until wfi goes on. */
  const waits = (ahead: number): number => {
    let waited = 0;
    runBare([
      function* () {
        yield csrWrite('sie', INTERRUPT.timer);
        const before = yield csrRead('time');
        yield csrWrite('stimecmp', before + ahead);
        yield waitForInterrupt();
        waited = (yield csrRead('time')) - before;
      },
    ]);
    return waited;
  };

  test('is pending at the cycle that is written', () => {
    expect(waits(1000)).toBe(1000);
  });

  test('is pending at once for a cycle that has passed', () => {
    expect(waits(-5)).toBeLessThan(10);
  });

  test('stays pending until it is set again, and 0 turns it off', () => {
    const pending: number[] = [];
    runBare([
      function* () {
        yield csrWrite('stimecmp', (yield csrRead('time')) + 10);
        yield work(50);
        pending.push(yield csrRead('sip'));
        yield work(50);
        pending.push(yield csrRead('sip'));
        yield csrWrite('stimecmp', (yield csrRead('time')) + 50);
        pending.push(yield csrRead('sip'));
        yield csrWrite('stimecmp', 0);
        yield work(100);
        pending.push(yield csrRead('sip'));
      },
    ]);
    expect(pending).toEqual([INTERRUPT.timer, INTERRUPT.timer, 0, 0]);
  });

  test('that is set again fires once, at the later time', () => {
    const machine = new Machine(small({}, { skew: 1 }));
    const fired: number[] = [];
    machine.start(0, function* run() {
      yield csrWrite(
        'stvec',
        machine.code.addressOf(function* handler() {
          fired.push(yield csrRead('time'));
          yield csrWrite('stimecmp', 0);
          yield supervisorReturn();
        }),
      );
      yield csrWrite('sie', -1);
      yield csrWrite('sstatus', SSTATUS.SIE);
      yield csrWrite('stimecmp', 100);
      yield csrWrite('stimecmp', 200);
      for (let round = 0; round < 500; round++) yield pause();
    });
    machine.run();
    expect(fired).toHaveLength(1);
    expect(fired[0]).toBeGreaterThanOrEqual(200);
    expect(fired[0]).toBeLessThan(230);
  });
});

describe('wfi', () => {
  test('goes on although SIE is clear, without a trap', () => {
    const { seen } = withTraps(function* () {
      yield csrWrite('sie', INTERRUPT.timer);
      yield csrWrite('stimecmp', (yield csrRead('time')) + 100);
      yield waitForInterrupt();
    });
    expect(seen).toEqual([]);
  });

  test('takes the interrupt after it when SIE is set', () => {
    const { seen } = withTraps(function* () {
      yield csrWrite('sie', INTERRUPT.timer);
      yield csrWrite('sstatus', SSTATUS.SIE);
      yield csrWrite('stimecmp', (yield csrRead('time')) + 100);
      yield waitForInterrupt();
      yield pause();
    });
    expect(seen.map(({ cause }) => cause)).toEqual([CAUSE.timerInterrupt]);
  });

  test('does not wait when an enabled interrupt is pending', () => {
    const { machine } = withTraps(function* () {
      yield csrWrite('sie', INTERRUPT.software);
      yield csrWrite('sip', INTERRUPT.software);
      yield waitForInterrupt();
    });
    expect(machine.counters.get(0, 'idleCycles')).toBe(0);
  });

  test('does not go on for an interrupt that is not enabled', () => {
    const machine = new Machine(smallWith('smp', 2));
    machine.start(0, function* waiter() {
      yield csrWrite('sie', INTERRUPT.timer);
      yield waitForInterrupt();
    });
    machine.start(1, function* sender() {
      yield work(100);
      yield sendInterrupt(0);
    });
    expect(machine.run()).toEqual({ kind: 'deadlock' });
    expect(machine.activity(0)).toBe('waiting');
  });

  test('counts what it waits as idle cycles', () => {
    const { machine } = withTraps(function* () {
      yield csrWrite('sie', INTERRUPT.timer);
      yield csrWrite('stimecmp', (yield csrRead('time')) + 1000);
      yield waitForInterrupt();
    });
    expect(machine.counters.get(0, 'idleCycles')).toBeGreaterThan(990);
    expect(machine.counters.get(0, 'idleCycles')).toBeLessThan(1000);
  });
});
