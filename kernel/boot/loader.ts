/**
 * The loader: host side, as firmware would be. It writes each node's NODE_BLOCK before the machine runs, and
 * starts every hart at `kernelBoot`. From then on only instructions touch the machine.
 */
import type { Machine } from '../../hw/machine.ts';
import { MAX_PARAMETERS } from '../abi/startup.ts';
import type { Code } from '../../hw/isa/index.ts';
import { strideOf } from '../hart-local.ts';
import { LOCALS, MAX_HARTS, NODE_BLOCK, NODE_BLOCK_OFFSET, PAGE_SIZE } from '../layout.ts';
import { POLICIES } from '../threads/policy.ts';
import { PTE } from '../vm/page-table.ts';
import { kernelBoot } from './boot.ts';

/** What can be chosen about a kernel. */
export interface KernelOptions {
  /** Cycles of a time slice. Default 20,000. */
  readonly slice?: number;
  /** Name of the scheduling policy. Default round-robin. */
  readonly policy?: string;
  /** References to clustered objects per hart. Default: 4,096 over all harts, and 16 at least. */
  readonly refsPerHart?: number;
}

export interface Boot {
  /** First procedure of the first process. It gets (argument 0, address of its thread block). */
  readonly entry: (argument: number, threadBlock: number) => Code<number | void>;
  /** Words that the first process finds in its thread block. */
  readonly parameters?: readonly number[];
  readonly options?: KernelOptions;
}

const DEFAULT_SLICE = 20_000;
const DEFAULT_REFS = 4096;
const LEAST_REFS = 16;

/**
 * Loads the kernel into a fresh machine and starts all harts. Then `machine.run()`; the machine halts with the
 * status of the first process (see abi/exit-status.ts).
 * @throws RangeError when the machine is too large or too small, or an option is out of range
 */
export function bootKernel(machine: Machine, boot: Boot): void {
  const { memoryPerNode, l1 } = machine.config;
  // On a cluster each node has a kernel of its own, which knows of no other node.
  const kernels = machine.isCluster ? machine.config.nodes : 1;
  const nodes = machine.config.nodes / kernels;
  const harts = machine.harts / kernels;
  const parameters = boot.parameters ?? [];
  const {
    slice = DEFAULT_SLICE,
    policy = POLICIES[0]?.name,
    refsPerHart = Math.max(LEAST_REFS, Math.floor(DEFAULT_REFS / harts)),
  } = boot.options ?? {};
  const policyNumber = POLICIES.findIndex((row) => row.name === policy);
  const hartsPerNode = harts / nodes;
  const stride = strideOf(harts, refsPerHart);
  const firstFrame = (LOCALS + hartsPerNode * stride + PAGE_SIZE - 1) & -PAGE_SIZE;
  check(harts <= MAX_HARTS, `the kernel runs on at most ${MAX_HARTS} harts`);
  check(parameters.length <= MAX_PARAMETERS, `a program takes at most ${MAX_PARAMETERS} parameters`);
  check(policyNumber >= 0, `there is no scheduling policy "${policy}"`);
  check(Number.isInteger(slice) && slice > 0 && slice < 1 << 30, 'slice is not a number of cycles');
  check(
    Number.isInteger(refsPerHart) && refsPerHart >= LEAST_REFS && refsPerHart <= 1 << 16,
    'refsPerHart is out of range',
  );
  check(
    firstFrame + 64 * PAGE_SIZE <= memoryPerNode,
    `${memoryPerNode} bytes per node are too few for the kernel`,
  );

  const facts: readonly (readonly [number, number])[] = [
    [NODE_BLOCK.harts, harts],
    [NODE_BLOCK.nodes, nodes],
    [NODE_BLOCK.hartsPerNode, hartsPerNode],
    [NODE_BLOCK.memoryPerNode, memoryPerNode],
    [NODE_BLOCK.line, l1.line],
    [NODE_BLOCK.pageFlags, machine.nonCoherent ? PTE.UNCACHED : 0],
    [NODE_BLOCK.refsPerHart, refsPerHart],
    [NODE_BLOCK.stride, stride],
    [NODE_BLOCK.slice, slice],
    [NODE_BLOCK.policy, policyNumber],
    [NODE_BLOCK.firstFrame, firstFrame],
    [NODE_BLOCK.entry, machine.code.addressOf(boot.entry as (...words: number[]) => Code<number | void>)],
    [NODE_BLOCK.parameters, parameters.length],
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

function check(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
