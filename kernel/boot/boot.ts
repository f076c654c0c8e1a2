/**
 * The boot of every hart. A node's first hart sets the node up; the others of the node wait for it. Hart 0 waits
 * until all have booted, and starts the first process. Each hart ends as its own dispatcher.
 */
import {
  type Code,
  csrRead,
  csrWrite,
  fetchAndAdd,
  INTERRUPT,
  addressOf,
  load,
  panic,
  satpFor,
  spinUntil,
  spinUntilNot,
  store,
} from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import {
  GLOBAL,
  LOCALS,
  MAX_SERVERS,
  NODE_BLOCK,
  NODE_BLOCK_OFFSET,
  PROCESS_TABLE,
  ROOT_TABLE,
} from '../layout.ts';
import { HART_HEAP } from '../memory/layout.ts';
import { PANIC } from '../panics.ts';
import { createRunQueues } from '../scheduling/create-run-queues.ts';
import { createProcess } from '../processes/create-process.ts';
import { TABLE } from '../processes/process-table.ts';
import { dispatch } from '../threads/dispatcher.ts';
import { trapEntry } from '../trap/entry.ts';
import { DSM_INDEX } from '../vm/dsm.ts';
import { prepareNode } from './node.ts';

// DOC: kernel-boot
/** First procedure of every hart; `base` is where its node's memory begins. */
export function* kernelBoot(base: number): Code {
  const block = base + NODE_BLOCK_OFFSET;
  const hart = yield csrRead('mhartid');
  const hartInNode = hart % (yield load(block + NODE_BLOCK.hartsPerNode));
  const local = base + LOCALS + hartInNode * (yield load(block + NODE_BLOCK.stride));
  yield csrWrite('slocal', local);
  yield* describeHart(local, block, hart);
  if (hartInNode === 0) {
    yield* prepareNode(base, block, local);
    yield store(block + NODE_BLOCK.ready, 1);
  } else {
    yield spinUntilNot(block + NODE_BLOCK.ready, 0);
  }
  yield* prepareHart(local, base);
  yield fetchAndAdd(GLOBAL + NODE_BLOCK.booted, 1);
  if (hart === 0) yield* startFirstProcess(local);
  yield* dispatch(local);
}

/** Facts that the hart keeps at hand. Memory is zero when the machine is switched on. */
function* describeHart(local: number, block: number, hart: number): Code {
  yield store(local + HART.hart, hart);
  yield store(local + HART.node, yield csrRead('snode'));
  yield store(local + HART.nodeBlock, block);
  yield store(local + HART.harts, yield load(block + NODE_BLOCK.harts));
  yield store(local + HART.nodes, yield load(block + NODE_BLOCK.nodes));
  yield store(local + HART.hartsPerNode, yield load(block + NODE_BLOCK.hartsPerNode));
  yield store(local + HART.pageFlags, yield load(block + NODE_BLOCK.pageFlags));
  yield store(local + HART.memoryPerNode, yield load(block + NODE_BLOCK.memoryPerNode));
  yield store(local + HART.line, yield load(block + NODE_BLOCK.line));
  yield store(local + HART.refsPerHart, yield load(block + NODE_BLOCK.refsPerHart));
  yield store(local + HART.stride, yield load(block + NODE_BLOCK.stride));
  yield store(local + HART.placement, yield load(block + NODE_BLOCK.placement));
  yield store(local + HART.frameTable, yield load(block + NODE_BLOCK.frameTable));
  yield store(local + HART.slice, yield load(block + NODE_BLOCK.slice));
  yield store(local + HART.policy, yield load(block + NODE_BLOCK.policy));
  yield store(local + HART.locking, yield load(block + NODE_BLOCK.locking));
  yield store(local + HART.vm, yield load(block + NODE_BLOCK.vm));
  yield store(local + HART.adapt, yield load(block + NODE_BLOCK.adapt));
  yield store(local + HART.generations, yield load(block + NODE_BLOCK.generations));
  yield store(local + HART.caching, yield load(block + NODE_BLOCK.caching));
  yield store(local + HART.heap + HART_HEAP.mode, yield load(block + NODE_BLOCK.heapMode));
  // Index 0 is no reference (on hart 0), index 1 is the DSM's (on a node's first hart).
  yield store(local + HART.refFresh, DSM_INDEX + 1);
}

/** Address translation, trap vector, interrupts. */
function* prepareHart(local: number, base: number): Code {
  const satp = satpFor(base + ROOT_TABLE, 0);
  yield store(local + HART.satp, satp);
  yield store(local + HART.dispatcher, yield csrRead('scurrent'));
  yield csrWrite('satp', satp);
  yield csrWrite('sscratch', satp);
  yield csrWrite('stvec', yield addressOf(trapEntry));
  yield csrWrite('sstatus', 0);
  yield csrWrite('sie', INTERRUPT.software | INTERRUPT.timer | INTERRUPT.external);
}

function* startFirstProcess(local: number): Code {
  yield spinUntil(GLOBAL + NODE_BLOCK.booted, yield load(local + HART.harts));
  yield store(PROCESS_TABLE + TABLE.next, 1);
  yield* createRunQueues(local);
  const entry = yield load(GLOBAL + NODE_BLOCK.entry);
  if (entry === 0) return;
  const number = yield* createProcess(local, 0, { entry, argument: 0, hart: 0, stays: false });
  if (number < 0) yield panic(PANIC.bootFailed);
  yield* startServers(local);
}

// DOC: start-servers
/** Servers come after the first process, whose number is 1 with them or without. */
function* startServers(local: number): Code {
  for (let index = 0; index < MAX_SERVERS; index += 1) {
    const row = GLOBAL + NODE_BLOCK.servers + 8 * index;
    const entry = yield load(row);
    if (entry === 0) return;
    const hart = (index + 1) % (yield load(local + HART.harts));
    const start = { entry, argument: 0, hart, stays: false };
    if ((yield* createProcess(local, 0, start, { system: yield load(row + 4) })) < 0)
      yield panic(PANIC.bootFailed);
  }
}
