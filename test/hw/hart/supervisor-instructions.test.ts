import { describe, expect, test } from 'vitest';
import { CONSOLE } from '../../../hw/address-map.ts';
import {
  addressOf,
  type Code,
  createContext,
  csrRead,
  csrSwap,
  csrWrite,
  environmentCall,
  fenceTranslations,
  freeContext,
  type Instruction,
  load,
  OP,
  OPS,
  panic,
  pause,
  restoreRegisters,
  saveRegisters,
  sendInterrupt,
  store,
  supervisorReturn,
  switchContext,
  waitForInterrupt,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { runBare, type SeenTrap, withTraps } from '../bare.ts';
import { small } from '../machines.ts';
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
