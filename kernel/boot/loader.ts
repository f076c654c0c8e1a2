/**
 * The loader: host side, as firmware would be. It writes each node's NODE_BLOCK before the machine runs, and
 * starts every hart at `kernelBoot`. From then on only instructions touch the machine.
 */
import type { Machine } from '../../hw/machine.ts';
import { MAX_PARAMETERS } from '../abi/startup.ts';
import type { Code } from '../../hw/isa/index.ts';
import { MAX_SERVERS, NODE_BLOCK, NODE_BLOCK_OFFSET } from '../layout.ts';
import { SYSTEM } from '../processes/process.ts';
import { BLOCKS_PER_PAGE } from '../vm/cor.ts';
import { PTE } from '../vm/page-table.ts';
import { kernelBoot } from './boot.ts';
import { objectFacts } from './object-options.ts';
import { type KernelOptions, planKernel } from './options.ts';

export interface Boot {
  /**
   * First procedure of the first process. It gets (argument 0, address of its thread block). Without one there is no
   * process: the kernel boots and idles.
   */
  readonly entry?: (argument: number, threadBlock: number) => Code<number | void>;
  /** Words that the first process finds in its thread block. */
  readonly parameters?: readonly number[];
  readonly options?: KernelOptions;
  /** Servers that are started beside it (on node 0 only). At most MAX_SERVERS. */
  readonly servers?: readonly ServerStart[];
}

/** A server to be started at the boot. */
export interface ServerStart {
  readonly entry: (argument: number, threadBlock: number) => Code<number | void>;
  /** Whether it is given the disk: nobody else reaches it then. */
  readonly disk?: boolean;
}

type Procedure = (...words: number[]) => Code<number | void>;

/**
 * Loads the kernel into a fresh machine and starts all harts. Then `machine.run()`; the machine halts with the
 * status of the first process (see abi/exit-status.ts).
 * @throws RangeError when the machine is too large or too small, or an option is out of range
 */
export function bootKernel(machine: Machine, boot: Boot): void {
  const { memoryPerNode, l1 } = machine.config;
  const parameters = boot.parameters ?? [];
  const plan = planKernel(machine.config, boot.options);
  // On a cluster each node has a kernel of its own, which knows of no other node.
  const { kernels, nodes } = plan;
  const hartsPerNode = plan.harts / nodes;
  check(parameters.length <= MAX_PARAMETERS, `a program takes at most ${MAX_PARAMETERS} parameters`);

  const facts: readonly (readonly [number, number])[] = [
    [NODE_BLOCK.harts, plan.harts],
    [NODE_BLOCK.nodes, nodes],
    [NODE_BLOCK.hartsPerNode, hartsPerNode],
    [NODE_BLOCK.memoryPerNode, memoryPerNode],
    [NODE_BLOCK.line, l1.line],
    [NODE_BLOCK.pageFlags, machine.nonCoherent ? PTE.UNCACHED : 0],
    [NODE_BLOCK.refsPerHart, plan.refsPerHart],
    [NODE_BLOCK.stride, plan.stride],
    [NODE_BLOCK.slice, plan.slice],
    [NODE_BLOCK.heapMode, plan.heapMode],
    [NODE_BLOCK.transfer, plan.transfer],
    [NODE_BLOCK.caching, plan.caching],
    ...objectFacts(boot.options ?? {}),
    ...plan.scheduling,
    [NODE_BLOCK.firstFrame, plan.firstFrame],
    [NODE_BLOCK.endOfFrames, plan.endOfFrames],
    [NODE_BLOCK.placement, plan.placement],
    [NODE_BLOCK.frameTable, plan.frameTable],
    [NODE_BLOCK.swapSlots, plan.swap],
    [NODE_BLOCK.swapBlock, machine.config.disk.blocks - plan.swap * BLOCKS_PER_PAGE],
    [NODE_BLOCK.swapMap, plan.swapMap],
    [NODE_BLOCK.entry, boot.entry === undefined ? 0 : machine.code.addressOf(boot.entry as Procedure)],
    [NODE_BLOCK.parameters, parameters.length],
    ...serverFacts(machine, boot.servers ?? []),
    ...parameters.map((word, index) => [NODE_BLOCK.parameter + 4 * index, word | 0] as const),
  ];
  // DOC: mark-uncached
  // Until a hart has its page table, no entry can say what must not be cached.
  if (machine.nonCoherent) machine.markUncached(0, nodes * memoryPerNode);
  for (let node = 0; node < machine.config.nodes; node += 1) {
    const block = node * memoryPerNode + NODE_BLOCK_OFFSET;
    for (const [offset, word] of facts) machine.poke(block + offset, word);
    // The first process is node 0's; the kernels of other nodes of a cluster wait.
    if (kernels > 1 && node > 0) machine.poke(block + NODE_BLOCK.entry, 0);
  }
  for (let hart = 0; hart < machine.harts; hart += 1) {
    const node = machine.nodeOf(hart);
    check(node === Math.floor(hart / hartsPerNode), 'harts are not numbered node by node');
    machine.start(hart, kernelBoot, kernels > 1 ? 0 : node * memoryPerNode);
  }
}

function serverFacts(
  machine: Machine,
  servers: readonly ServerStart[],
): readonly (readonly [number, number])[] {
  check(servers.length <= MAX_SERVERS, `at most ${MAX_SERVERS} servers are started`);
  const owners = servers.filter(({ disk }) => disk === true).length;
  check(owners <= 1, 'only one server can have the disk');
  return [
    [NODE_BLOCK.diskOwned, owners] as const,
    ...servers.flatMap(({ entry, disk }, index) => {
      const row = NODE_BLOCK.servers + 8 * index;
      const system = SYSTEM.server | (disk === true ? SYSTEM.disk : 0);
      return [[row, machine.code.addressOf(entry as Procedure)] as const, [row + 4, system] as const];
    }),
  ];
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
