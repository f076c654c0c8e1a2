/**
 * The heap: the blocks in use are exactly those that can be reached, and no block is in a free list twice. A
 * block that nobody reaches has been leaked.
 */
import { HART, HEAP_CLASSES } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';
import { SHARED_ROOT } from '../objects/shared-root.ts';
import { CLASS } from '../classes.ts';
import { type Findings, hex } from './findings.ts';
import { descriptors, treeNodes } from './pages.ts';
import type { Reader } from './reader.ts';

export function checkHeap(reader: Reader): Findings {
  const problems: string[] = [];
  let live = 0;
  const free = new Set<number>();
  for (let hart = 0; hart < reader.harts; hart += 1) {
    const local = reader.local(hart);
    live += reader.word(local + HART.heapLive);
    for (let size = 0; size < HEAP_CLASSES; size += 1) {
      for (const block of reader.list(local + HART.heapFree + 4 * size, 0)) {
        if (free.has(block)) problems.push(`block ${hex(block)} is free twice`);
        free.add(block);
      }
    }
  }
  const reachable = reachableBlocks(reader);
  for (const block of reachable) if (free.has(block)) problems.push(`block ${hex(block)} is in use and free`);
  if (live !== reachable.size) problems.push(`${live} blocks are in use, ${reachable.size} can be reached`);
  return { counted: `${live} blocks in use`, problems };
}

function reachableBlocks(reader: Reader): Set<number> {
  const blocks = new Set<number>();
  const perHart = reader.fact(NODE_BLOCK.refsPerHart);
  for (let hart = 0; hart < reader.harts; hart += 1) {
    for (let index = 1; index < reader.word(reader.local(hart) + HART.refFresh); index += 1) {
      const root = reader.rootOf(4 * (hart * perHart + index));
      if (root === 0) continue;
      const rep = reader.word(root + SHARED_ROOT.rep);
      const kind = reader.word(rep);
      // A node's DSM and its root lie in the node's block, not in the heap.
      if (kind === CLASS.dsm) continue;
      blocks.add(root).add(rep);
      if (kind === CLASS.fcmAnonymous || kind === CLASS.fcmDisk) {
        for (const block of [...treeNodes(reader, rep), ...descriptors(reader, rep)]) blocks.add(block);
      }
    }
  }
  for (const process of reader.processes()) {
    for (const block of [...reader.threads(process), ...reader.links(process)]) blocks.add(block);
  }
  return blocks;
}
