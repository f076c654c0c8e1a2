/** Random life with LRPC on a machine of its own, looked at whenever the kernel is at rest. Loadable with a changed kernel. */
import { Machine } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { bootKernel } from '../../../../kernel/index.ts';
import { kernelAtRest } from '../../../../kernel/inspect/at-rest.ts';
import { checkInvariants } from '../../../../kernel/inspect/invariants.ts';
import { randomLife } from './random-calls.ts';

const SLICE = 20_000;
const MOST_SLICES = 2000;
/** With less memory, a page fault may end anybody. */
export const PLENTY = 8 << 20;

export interface Life {
  readonly preset: string;
  readonly harts: number;
  readonly seed: number;
  readonly clients: number;
  readonly memoryPerNode: number;
}

/** Runs it to its end; gives what was wrong, or undefined. */
export function whatGoesWrong({ preset, harts, seed, clients, memoryPerNode }: Life): string | undefined {
  const machine = new Machine(presetConfig(preset, { harts, seed, set: { memoryPerNode } }));
  bootKernel(machine, { entry: randomLife, parameters: [seed, clients] });
  const broken = (): string | undefined => checkInvariants(machine).find(({ ok }) => !ok)?.detail;
  for (let slice = 0; slice < MOST_SLICES; slice += 1) {
    const stop = machine.run({ instructions: SLICE });
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
