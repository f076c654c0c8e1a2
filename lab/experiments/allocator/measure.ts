/** Measures one workload on a booted kernel, with one of its heaps. */
import { MARK } from '../../../hw/isa/index.ts';
import { blocksInUse, pagesOfPool, poolsOf } from '../../../kernel/inspect/heap-blocks.ts';
import { Reader } from '../../../kernel/index.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { KernelMachine } from '../framework/kernel-machine.ts';
import type { ObjectKind } from './allocator.ts';
import { WORKLOADS, type WorkloadName } from './workloads.ts';

/** Harts of a node where there are several. */
const PER_NODE = 4;

export function measureAllocator(cell: Cell, settings: Settings): Row {
  const {
    machine: preset,
    heap,
    workload,
    kind,
    harts,
  } = cell as {
    readonly machine: string;
    readonly heap: 'per-hart' | 'global';
    readonly workload: WorkloadName;
    readonly kind: ObjectKind;
    readonly harts: number;
  };
  const { group } = WORKLOADS[workload];
  const rounds = Math.ceil((settings.parameters['rounds'] as number) / group) * group;
  const kernel = new KernelMachine(configFor(preset, sizeFor(workload, harts, preset), settings), { heap });
  const program = (hart: number) => WORKLOADS[workload].program(hart, harts, rounds, kind);
  kernel.run(program);
  let locks = 0;
  const detach = kernel.machine.trace.attach({
    event: (event) => {
      if (event.kind === 'mark' && event.mark === MARK.lockAcquired) locks++;
    },
  });
  const { cycles, counted } = kernel.run(program);
  detach();
  const reader = new Reader(kernel.machine);
  // Of the remote workload each operation takes two harts.
  const operations = rounds * (workload === 'remote' ? harts / 2 : harts);
  return {
    operations,
    cycles,
    perOperation: cycles / rounds,
    misses: counted('l1Misses') / operations,
    invalidations: counted('invalidationsSent') / operations,
    locks: locks / operations,
    pages: poolsOf(reader).reduce((sum, pool) => sum + pagesOfPool(reader, pool).length, 0),
    inUse: blocksInUse(reader),
  };
}

/** The harts that take and those that free must not be on one node. */
function sizeFor(workload: WorkloadName, harts: number, preset: string): { harts: number; nodes?: number } {
  if (workload !== 'remote' || preset === 'smp') return { harts };
  return { harts, nodes: Math.max(2, harts / PER_NODE) };
}
