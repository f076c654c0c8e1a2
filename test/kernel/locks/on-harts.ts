/**
 * Kernel code on the harts of a machine without a booted kernel: each hart has a HART of its own, which is all that
 * locks need. Small, since a search builds it anew for each execution.
 */
import { type Code, csrWrite } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { LOCALS } from '../../../kernel/layout.ts';
import { roundUp } from '../../../kernel/struct.ts';

/** Bytes from one hart's HART to the next. */
export const STRIDE = roundUp(HART.SIZE, 4096);

/** The address of a word that has a cache line of its own. */
export const word = (index: number): number => 0x1000 + 64 * index;

/** The address of a hart's HART. */
export const localOf = (hart: number): number => LOCALS + hart * STRIDE;

/** Stores that a buffer holds under each model. */
const MODELS = { sc: 0, tso: 4 } as const;
export type Model = keyof typeof MODELS;

/** A machine with the programs started, one on each hart. */
export function onHarts(programs: readonly (() => Code)[], model: Model = 'sc'): Machine {
  const set = {
    memoryPerNode: 1 << 20,
    l1: { size: 4096, ways: 4, line: 64 },
    disk: { blocks: 8, seek: 0, transfer: 1 },
    storeBuffer: MODELS[model],
  } as const;
  const machine = new Machine(presetConfig('smp', { harts: programs.length, set }));
  programs.forEach((program, hart) => machine.start(hart, () => onHart(hart, program)));
  return machine;
}

function* onHart(hart: number, program: () => Code): Code {
  yield csrWrite('slocal', localOf(hart));
  yield* program();
}
