/**
 * The heap: a block is in one free list or in use, never both, and the blocks in use are exactly those that can be
 * reached. A block that nobody reaches has been leaked. Free blocks bear the mark of free ones, and no others do. In checked
 * mode free blocks are as they were left.
 */
import { HART } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';
import { MEDIATOR, PHASE } from '../objects/mediator.ts';
import { ROOT } from '../objects/root.ts';
import { OWNED } from '../processes/owned.ts';
import { PROCESS } from '../processes/process.ts';
import { CLASS } from '../classes.ts';
import { POISON } from '../memory/checks.ts';
import { FREE_BLOCK, freeMark, HEAP_MODE, HEAP_PAGE, SMALLEST_BLOCK } from '../memory/layout.ts';
import { THREAD } from '../threads/thread.ts';
import { callBlocks } from './call-blocks.ts';
import { type Findings, hex } from './findings.ts';
import { blocksInUse, cutBlocks, freeLists, pagesOfPool, poolsOf } from './heap-blocks.ts';
import { blocksOf, limboOf, repsOfRoot } from './objects.ts';
import { descriptors, mappers, treeNodes } from './pages.ts';
import type { Reader } from './reader.ts';
import { queueBlocks } from './run-queues.ts';

export function checkHeap(reader: Reader): Findings {
  const problems: string[] = [];
  const free = new Map<number, string>();
  for (const { place, blocks, count } of freeLists(reader)) {
    if (blocks.length !== count) problems.push(`${place}: ${count} are counted, ${blocks.length} are there`);
    for (const block of blocks) {
      const other = free.get(block);
      if (other !== undefined) problems.push(`block ${hex(block)} is free twice: ${place} and ${other}`);
      free.set(block, place);
    }
  }
  const used = usedBlocks(reader, free, problems);
  const live = blocksInUse(reader);
  if (live !== used.size)
    problems.push(`${live} blocks are in use by count, ${used.size} are in no free list`);
  const limbo = blocksInLimbo(reader);
  const reachable = new Set([...reachableBlocks(reader), ...limbo]);
  for (const block of reachable) if (free.has(block)) problems.push(`block ${hex(block)} is in use and free`);
  if (live !== reachable.size) problems.push(`${live} blocks are in use, ${reachable.size} can be reached`);
  // The run queue stays as long as the kernel.
  return { counted: `${live - limbo.size - queueBlocks(reader).length} blocks in use`, problems };
}

/** Blocks that are in no free list. What is wrong with pages is added to the problems. */
function usedBlocks(reader: Reader, free: ReadonlyMap<number, string>, problems: string[]): Set<number> {
  const used = new Set<number>();
  const cut = new Set<number>();
  const isChecked = (reader.fact(NODE_BLOCK.heapMode) & HEAP_MODE.checked) !== 0;
  for (const pool of poolsOf(reader)) {
    let wasFull = false;
    for (const page of pagesOfPool(reader, pool)) {
      const isFull = reader.word(page + HEAP_PAGE.freeCount) === 0;
      if (wasFull && !isFull)
        problems.push(`heap page ${hex(page)} has free blocks, and stands behind a full one`);
      wasFull = isFull;
      if (reader.word(page + HEAP_PAGE.pool) !== pool.address)
        problems.push(`heap page ${hex(page)} is in the list of another pool`);
      for (const block of cutBlocks(reader, page)) {
        cut.add(block);
        if (!free.has(block)) used.add(block);
        const isMarked = reader.word(block + FREE_BLOCK.mark) === freeMark(block);
        if (isMarked !== free.has(block))
          problems.push(
            `block ${hex(block)} is ${isMarked ? 'in use and marked as free' : 'free and has no mark'}`,
          );
        if (isChecked) problems.push(...damage(reader, page, block, free.has(block)));
      }
    }
  }
  for (const [block, place] of free) {
    if (!cut.has(block)) problems.push(`${hex(block)}, free in ${place}, is no block of a heap page`);
  }
  return used;
}

/** In checked mode: what the header says of a block, and its poison. */
function damage(reader: Reader, page: number, block: number, isFree: boolean): string[] {
  const index = (block - page) / SMALLEST_BLOCK;
  const inUse = ((reader.word(page + HEAP_PAGE.inUse + 4 * (index >>> 5)) >>> (index & 31)) & 1) === 1;
  if (inUse === isFree)
    return [`block ${hex(block)} is ${isFree ? 'free' : 'taken'}, its page says otherwise`];
  if (!isFree) return [];
  const size = reader.word(page + HEAP_PAGE.size);
  for (let offset = FREE_BLOCK.SIZE; offset < size; offset += 4) {
    if (reader.word(block + offset) !== POISON) return [`block ${hex(block)} was written while it was free`];
  }
  return [];
}

function reachableBlocks(reader: Reader): Set<number> {
  const blocks = new Set<number>();
  const perHart = reader.fact(NODE_BLOCK.refsPerHart);
  for (let hart = 0; hart < reader.harts; hart += 1) {
    for (let index = 1; index < reader.word(reader.local(hart) + HART.refFresh); index += 1) {
      const root = reader.rootOf(4 * (hart * perHart + index));
      // A node's DSM and its root lie in the node's block, not in the heap.
      if (root === 0 || reader.word(root + ROOT.class) === CLASS.fixedRoot) continue;
      for (const block of blocksOf(reader, root)) blocks.add(block);
      for (const rep of repsOfRoot(reader, root)) {
        const kind = reader.word(rep);
        if (kind !== CLASS.fcmAnonymous && kind !== CLASS.fcmDisk && kind !== CLASS.fcmCopy) continue;
        for (const list of [treeNodes, descriptors, mappers])
          for (const block of list(reader, rep)) blocks.add(block);
      }
    }
  }
  for (const process of reader.processes()) {
    const owned = [PROCESS.counters, PROCESS.rights, PROCESS.syncs, PROCESS.grants].flatMap((list) =>
      reader.list(process + list, OWNED.next),
    );
    const threads = reader.threads(process);
    const links = [...reader.links(process), ...owned];
    const ledgers = threads
      .map((thread) => reader.word(thread + THREAD.ledger))
      .filter((block) => block !== 0);
    for (const block of [...threads, ...ledgers, ...links]) blocks.add(block);
  }
  for (const block of callBlocks(reader)) blocks.add(block);
  return blocks;
}

/** Blocks of objects that are destroyed, and wait until nobody can have a temporary reference to them. */
function blocksInLimbo(reader: Reader): Set<number> {
  const items = Array.from({ length: reader.harts }, (_, hart) => limboOf(reader, hart)).flat();
  return new Set(
    items.flatMap((item) => {
      if (reader.word(item + ROOT.class) === CLASS.root) return blocksOf(reader, item);
      // A mediator belongs to its root, unless its swap came to nothing.
      return reader.word(item + MEDIATOR.phase) === PHASE.completed ? [item] : [];
    }),
  );
}
