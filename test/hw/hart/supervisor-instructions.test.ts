import { describe, expect, test } from 'vitest';
import { CONSOLE } from '../../../hw/address-map.ts';
import {
  addressOf,
  type Code,
  createContext,
  CSR,
  csrRead,
  csrSwap,
  csrWrite,
  CSRS,
  type CsrName,
  environmentCall,
  fenceTranslations,
  freeContext,
  type Instruction,
  INTERRUPT,
  load,
  OP,
  OPS,
  panic,
  pause,
  restoreRegisters,
  saveRegisters,
  sendInterrupt,
  SSTATUS,
  store,
  supervisorReturn,
  switchContext,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { noteTraps, runBare, type SeenTrap } from '../bare.ts';
import { small, smallWith } from '../machines.ts';
import { record } from '../record.ts';
import { startKernel } from '../test-kernel.ts';

const PRIVILEGED: Readonly<Record<string, () => Instruction>> = {
  csrRead: () => csrRead('satp'),
  csrWrite: () => csrWrite('satp', 0),
  csrSwap: () => csrSwap('satp', 0),
  fenceTranslations: () => fenceTranslations(),
  waitForInterrupt: () => waitForInterrupt(),
  supervisorReturn: () => supervisorReturn(),
  sendInterrupt: () => sendInterrupt(0),
  createContext: () => createContext(-1),
  switchContext: () => switchContext(1),
  freeContext: () => freeContext(1),
  saveRegisters: () => saveRegisters(1, 0),
  restoreRegisters: () => restoreRegisters(1, 0),
  panic: () => panic(1),
};

function* nothing(): Code {
  yield pause();
}

/** Runs a procedure in supervisor mode, with every trap noted and completed with −1. */
function withTraps(
  program: (soFar: readonly SeenTrap[]) => Code,
  config = small(),
): { seen: SeenTrap[]; machine: Machine } {
  const machine = new Machine(config);
  const seen: SeenTrap[] = [];
  machine.start(0, function* run() {
    yield* noteTraps(machine, seen);
    yield* program(seen);
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  return { seen, machine };
}

describe('in user mode', () => {
  test.each(OPS.filter((op) => op.privileged))('$name is an illegal instruction', ({ name }) => {
    const machine = new Machine(small());
    const seen: SeenTrap[] = [];
    const ending = startKernel(machine, 0, {
      programs: [
        function* user() {
          return yield (PRIVILEGED[name] as () => Instruction)();
        },
      ],
      *handle({ cause, value }) {
        seen.push({ cause, value });
        return { result: 17 };
      },
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(seen).toEqual([{ cause: CAUSE.illegalInstruction, value: OP[name] }]);
    expect(ending.values).toEqual([17]);
  });
});

describe('control and status registers', () => {
  const READ_ONLY: readonly CsrName[] = CSRS.filter((csr) => csr.access === 'read-only').map(
    (csr) => csr.name,
  );

  test.each(READ_ONLY)('%s cannot be written', (csr) => {
    const { seen } = withTraps(function* () {
      yield csrWrite(csr, 1);
      yield csrSwap(csr, 1);
      yield csrRead(csr);
    });
    expect(seen).toEqual([
      { cause: CAUSE.illegalInstruction, value: OP.csrWrite },
      { cause: CAUSE.illegalInstruction, value: OP.csrSwap },
    ]);
  });

  test.each(['satp', 'sepc', 'scause', 'stval', 'sscratch', 'slocal', 'sctx', 'sie', 'sresult'] as const)(
    '%s keeps what is written',
    (csr) => {
      let read = 0;
      runBare([
        function* () {
          yield csrWrite(csr, 0x1234_5678);
          read = yield csrSwap(csr, 0);
        },
      ]);
      expect(read).toBe(0x1234_5678);
    },
  );

  test('of a number that does not exist are illegal', () => {
    const { seen } = withTraps(function* () {
      for (const unknown of ['none', 'neither'] as unknown as CsrName[]) {
        const instruction = csrRead(unknown);
        instruction.a = unknown === ('none' as CsrName) ? CSRS.length : -1;
        yield instruction;
      }
    });
    expect(seen.map(({ cause }) => cause)).toEqual([CAUSE.illegalInstruction, CAUSE.illegalInstruction]);
  });

  test('tell the hart its number, its node, its context and its clock', () => {
    const told: number[][] = [];
    const config = small({ nodes: 2, coresPerNode: 2, hartsPerCore: 2 });
    const { machine } = runBare(
      Array.from(
        { length: 8 },
        () =>
          function* () {
            told.push([yield csrRead('mhartid'), yield csrRead('snode'), yield csrRead('scurrent')]);
            const before = yield csrRead('time');
            yield work(100);
            expect((yield csrRead('time')) - before).toBe(101);
            expect(yield csrRead('timeh')).toBe(0);
          },
      ),
      config,
    );
    expect(told.toSorted()).toEqual(
      Array.from({ length: 8 }, (_, hart) => [hart, machine.nodeOf(hart), hart + 1]),
    );
  });

  test('count time beyond 32 bits', () => {
    let time: number[] = [];
    runBare([
      function* () {
        for (let round = 0; round < 5; round++) yield work(2 ** 31 - 1);
        time = [yield csrRead('time'), yield csrRead('timeh')];
      },
    ]);
    expect(time[1]).toBe(2);
    expect((time[0] as number) >>> 0).toBeGreaterThan(2 ** 31 - 10);
  });

  test('are described, each', () => {
    for (const [index, { name, summary }] of CSRS.entries()) {
      expect(CSR[name]).toBe(index);
      expect(summary).toMatch(/\.$/);
    }
  });
});

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

describe('register words', () => {
  const FRAME = 0x2000;

  test('hold the arguments of a system call, and are saved and restored', () => {
    const machine = new Machine(small());
    const saved: number[] = [];
    startKernel(machine, 0, {
      programs: [
        function* user() {
          yield environmentCall(7, 1, 2, 3, 4, 5, 6);
        },
      ],
      *handle({ context }) {
        yield saveRegisters(context, FRAME);
        for (const register of [17, 10, 11, 12, 13, 14, 15]) saved.push(yield load(FRAME + 4 * register));
        yield store(FRAME + 4 * 31, 99);
        yield restoreRegisters(context, FRAME);
        yield saveRegisters(context, FRAME + 128);
        saved.push(yield load(FRAME + 128 + 4 * 31));
        return { result: 0 };
      },
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(saved).toEqual([7, 1, 2, 3, 4, 5, 6, 99]);
  });

  test.each([
    ['a misaligned address', FRAME + 2, CAUSE.storeMisaligned, CAUSE.loadMisaligned],
    ['an address beyond memory', 0x10_0000, CAUSE.storeAccessFault, CAUSE.loadAccessFault],
    ['the end of memory', 0x10_0000 - 64, CAUSE.storeAccessFault, CAUSE.loadAccessFault],
    ['device registers', CONSOLE.DATA, CAUSE.storeAccessFault, CAUSE.loadAccessFault],
  ])('are not moved to or from %s', (_, address, saving, restoring) => {
    const { seen, machine } = withTraps(function* () {
      const self = yield csrRead('scurrent');
      yield saveRegisters(self, address);
      yield restoreRegisters(self, address);
    });
    expect(seen.map(({ cause }) => cause)).toEqual([saving, restoring]);
    expect(machine.console.text()).toBe('');
  });

  test('of a context that does not exist are illegal', () => {
    const { seen } = withTraps(function* () {
      yield saveRegisters(99, FRAME);
      yield restoreRegisters(0, FRAME);
    });
    expect(seen.map(({ cause }) => cause)).toEqual([CAUSE.illegalInstruction, CAUSE.illegalInstruction]);
  });
});

describe('panic', () => {
  test('stops the machine at once, for good', () => {
    const after: number[] = [];
    const { machine, stop } = runBare([
      function* () {
        yield panic(42);
        after.push(1);
      },
    ]);
    expect(stop).toEqual({ kind: 'panic', hart: 0, code: 42, context: 1 });
    expect(machine.run()).toEqual(stop);
    expect(after).toEqual([]);
  });
});

describe('a code address', () => {
  test('is negative, never 0, and the same for the same procedure', () => {
    let addresses: number[] = [];
    const { machine } = runBare([
      function* () {
        addresses = [yield addressOf(nothing), yield addressOf(nothing)];
      },
    ]);
    expect(addresses[0]).toBeLessThan(0);
    expect(addresses[0]).toBe(addresses[1]);
    expect(machine.code.at(addresses[0] as number)).toBe(nothing);
  });
});
