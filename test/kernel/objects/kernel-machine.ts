/** The kernel's procedures by themselves, on machines as small as searches want them. */
import type { MachineConfig } from '../../../hw/config.ts';
import { type Code, csrRead, csrWrite, INTERRUPT } from '../../../hw/isa/index.ts';
import type { Machine, Stop } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import { checkInvariants, type KernelOptions } from '../../../kernel/index.ts';
import { GARBAGE, TOKEN } from '../../../kernel/objects/limbo.ts';
import { serveToken } from '../../../kernel/objects/token.ts';
import { KernelMachine } from '../../../lab/experiments/framework/kernel-machine.ts';

export interface Choice {
  readonly harts: number;
  readonly nodes?: number;
  readonly preset?: string;
  readonly seed?: number;
  readonly options?: KernelOptions;
  readonly set?: Partial<MachineConfig>;
}

/** What a hart executes: a procedure of the kernel. */
export type KernelProgram = (local: number, hart: number) => Code<number | void>;

/** A machine on which every hart has booted the kernel, and is free. */
export function bootedMachine(choice: Choice): Machine {
  const {
    harts,
    nodes,
    preset = nodes === undefined ? 'smp' : 'cc-numa',
    seed = 1,
    options = {},
    set,
  } = choice;
  const shape = nodes === undefined ? { harts } : { harts, nodes };
  const config = presetConfig(preset, {
    ...shape,
    seed,
    set: { memoryPerNode: 1 << 19, disk: { blocks: 8, seek: 0, transfer: 1 }, ...set },
  });
  return new KernelMachine(config, { refsPerHart: 64, ...options }).machine;
}

/** Runs a program on the harts given, in time or as an arbiter wants it. */
export function runOn(
  machine: Machine,
  program: KernelProgram,
  { harts = all(machine), arbiter }: { readonly harts?: readonly number[]; readonly arbiter?: Arbiter } = {},
): Stop {
  for (const hart of harts)
    machine.start(hart, function* () {
      return yield* program(yield csrRead('slocal'), hart);
    });
  return arbiter === undefined
    ? machine.run({ instructions: MOST_STEPS })
    : machine.runArbitrated(arbiter, MOST_STEPS);
}

const MOST_STEPS = 2_000_000;
const all = (machine: Machine): number[] => Array.from({ length: machine.harts }, (_, hart) => hart);

/** Runs a program on every hart, and expects it to end. */
export function finish(machine: Machine, program: KernelProgram, arbiter?: Arbiter): void {
  const stop = runOn(machine, program, arbiter === undefined ? {} : { arbiter });
  if (stop.kind !== 'finished') throw new Error(`the programs did not end: ${JSON.stringify(stop)}`);
}

/**
 * Lets the token go round until nothing is in limbo. Nobody may be inside, so it moves by interrupts alone: a hart
 * that has it and was not told has been forgotten.
 */
export function drainLimbo(machine: Machine): void {
  for (let round = 0; round < 8 * machine.harts && machine.peek(GARBAGE) !== 0; round++) {
    const hart = machine.peek(TOKEN) - 1;
    if (hart < 0) throw new Error('the token rests while something is in limbo');
    let pending = 0;
    runOn(
      machine,
      function* (local) {
        pending = yield csrRead('sip');
        if ((pending & INTERRUPT.software) === 0) return;
        yield csrWrite('sip', 0);
        yield* serveToken(local);
      },
      { harts: [hart] },
    );
    if ((pending & INTERRUPT.software) === 0) throw new Error(`the token was forgotten on hart ${hart}`);
  }
}

/** What is broken of the kernel's invariants. (The programs' contexts are no threads', so scheduling is left out.) */
export const brokenInvariants = (machine: Machine): string[] =>
  checkInvariants(machine)
    .filter(({ id, ok }) => !ok && id !== 'scheduling')
    .map(({ id, detail }) => `${id}: ${detail}`);
