import { describe, expect, test } from 'vitest';
import { CONSOLE, DEVICE_BASE, POWER } from '../../../hw/address-map.ts';
import {
  compareAndSwap,
  fetchAndAdd,
  fetchAndStore,
  flush,
  type Instruction,
  load,
  load16,
  load8,
  loadReserved,
  spinUntil,
  spinUntilAny,
  store,
  store16,
  store8,
  storeConditional,
  testAndSet,
  zeroLine,
} from '../../../hw/isa/index.ts';
import { CAUSE, type CauseName } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { noteTraps, type SeenTrap } from '../bare.ts';
import { small } from '../machines.ts';

const WORD = 0x1000;

const MEMORY = 1 << 20;

/** The trap that an instruction takes in supervisor mode without translation. */
function trapOf(instruction: () => Instruction): SeenTrap | undefined {
  const machine = new Machine(small());
  const seen: SeenTrap[] = [];
  let result: number | undefined;
  machine.start(0, function* run() {
    yield* noteTraps(machine, seen);
    result = yield instruction();
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  if (seen.length > 0) expect(result).toBe(-1);
  return seen[0];
}

describe('an access traps', () => {
  const cases: readonly [string, () => Instruction, CauseName, number][] = [
    ['load of a word', () => load(WORD + 2), 'loadMisaligned', WORD + 2],
    ['load of a half-word', () => load16(WORD + 1), 'loadMisaligned', WORD + 1],
    ['store of a word', () => store(WORD + 1, 0), 'storeMisaligned', WORD + 1],
    ['store of a half-word', () => store16(WORD + 3, 0), 'storeMisaligned', WORD + 3],
    ['testAndSet', () => testAndSet(WORD + 2), 'storeMisaligned', WORD + 2],
    ['fetchAndAdd', () => fetchAndAdd(WORD + 2, 1), 'storeMisaligned', WORD + 2],
    ['compareAndSwap', () => compareAndSwap(WORD + 3, 1, 1), 'storeMisaligned', WORD + 3],
    ['loadReserved', () => loadReserved(WORD + 2), 'loadMisaligned', WORD + 2],
    ['storeConditional', () => storeConditional(WORD + 2, 1), 'storeMisaligned', WORD + 2],
    ['spinUntil', () => spinUntil(WORD + 1, 1), 'loadMisaligned', WORD + 1],
    [
      'spinUntilAny, of its second word',
      () => spinUntilAny(WORD, 0, WORD + 1, 1),
      'loadMisaligned',
      WORD + 1,
    ],
    ['load beyond memory', () => load(MEMORY), 'loadAccessFault', MEMORY],
    ['load of a byte beyond memory', () => load8(MEMORY), 'loadAccessFault', MEMORY],
    ['load of a negative address', () => load(-4), 'loadAccessFault', -4],
    ['store beyond memory', () => store(MEMORY, 1), 'storeAccessFault', MEMORY],
    ['store of a byte beyond memory', () => store8(MEMORY + 1, 1), 'storeAccessFault', MEMORY + 1],
    ['fetchAndStore beyond memory', () => fetchAndStore(MEMORY, 1), 'storeAccessFault', MEMORY],
    ['zeroLine beyond memory', () => zeroLine(MEMORY), 'storeAccessFault', MEMORY],
    ['flush beyond memory', () => flush(MEMORY), 'loadAccessFault', MEMORY],
    ['load where no device is', () => load(DEVICE_BASE + 0x8000), 'loadAccessFault', DEVICE_BASE + 0x8000],
    ['load of a register that is only written', () => load(CONSOLE.DATA), 'loadAccessFault', CONSOLE.DATA],
    ['store where no register is', () => store(POWER.STATUS + 4, 1), 'storeAccessFault', POWER.STATUS + 4],
    ['load of a byte of a register', () => load8(CONSOLE.DATA), 'loadAccessFault', CONSOLE.DATA],
    ['store of a half-word of a register', () => store16(CONSOLE.DATA, 1), 'storeAccessFault', CONSOLE.DATA],
    ['read-modify-write of a register', () => fetchAndAdd(CONSOLE.DATA, 1), 'storeAccessFault', CONSOLE.DATA],
    [
      'spin on a register that cannot be read',
      () => spinUntil(CONSOLE.DATA, 1),
      'loadAccessFault',
      CONSOLE.DATA,
    ],
    ['zeroLine of registers', () => zeroLine(CONSOLE.DATA), 'storeAccessFault', CONSOLE.DATA],
  ];

  test.each(cases)('%s', (_, instruction, cause, value) => {
    expect(trapOf(instruction)).toEqual({ cause: CAUSE[cause], value });
  });
});
