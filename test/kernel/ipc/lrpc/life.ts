/** Random life with LRPC on a machine of its own, looked at whenever the kernel is at rest. Loadable with a changed kernel. */
import { Machine, type Stop } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { bootKernel } from '../../../../kernel/index.ts';
import { kernelAtRest } from '../../../../kernel/inspect/at-rest.ts';
import { checkInvariants } from '../../../../kernel/inspect/invariants.ts';
import { exchangeLife } from './exchanges.ts';
import { randomLife } from './random-calls.ts';

/** Kinds of life: the program, whether idle harts are kept for calls, and instructions from one look at the kernel to the next. */
const KINDS = {
  calls: { entry: randomLife, domainCaching: 'off', stretch: 5000 },
  exchanges: { entry: exchangeLife, domainCaching: 'on', stretch: 397 },
} as const;
const MOST_INSTRUCTIONS = 12_000_000;
const SLICE = 20_000;
/** With less memory, a page fault may end anybody. */
export const PLENTY = 8 << 20;

export interface Life {
  readonly kind?: keyof typeof KINDS;
  readonly preset: string;
  readonly harts: number;
  readonly seed: number;
  readonly clients: number;
  readonly memoryPerNode: number;
  /** Cycles of a time slice. */
  readonly slice?: number;
  /** Looks on. */
  readonly watch?: (machine: Machine) => void;
}

/** How often a kernel that is not at rest is let go on a little, before it is given up for this time. */
const TRIES = 500;

/** Runs so many instructions, and then on to where the kernel is at rest, if that is soon. */
function runToRest(machine: Machine, instructions: number): Stop {
  let stop = machine.run({ instructions });
  for (let tries = 0; tries < TRIES && stop.kind === 'budget' && !kernelAtRest(machine); tries += 1)
    stop = machine.run({ instructions: 3 });
  return stop;
}

/** Runs it to its end; gives what was wrong, or undefined. */
export function whatGoesWrong(life: Life): string | undefined {
  const { kind = 'calls', preset, harts, seed, clients, memoryPerNode, slice = SLICE, watch } = life;
  const { entry, domainCaching, stretch } = KINDS[kind];
  const machine = new Machine(presetConfig(preset, { harts, seed, set: { memoryPerNode } }));
  watch?.(machine);
  bootKernel(machine, { entry, parameters: [seed, clients], options: { domainCaching, slice } });
  const broken = (): string | undefined => checkInvariants(machine).find(({ ok }) => !ok)?.detail;
  for (let done = 0; done < MOST_INSTRUCTIONS; done += stretch) {
    const stop = runToRest(machine, stretch);
    if (stop.kind === 'halted') {
      if (memoryPerNode >= PLENTY && stop.status !== 0) return `status ${stop.status}`;
      const blocks = checkInvariants(machine).find(({ id }) => id === 'heap')?.detail;
      return broken() ?? (blocks === '0 blocks in use' ? undefined : blocks);
    }
    if (stop.kind !== 'budget') return JSON.stringify(stop);
    const problem = kernelAtRest(machine) ? broken() : undefined;
    if (problem !== undefined) return problem;
  }
  return 'it does not end';
}
