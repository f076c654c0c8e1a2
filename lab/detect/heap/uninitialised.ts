/**
 * Uninitialised reads: bytes of a heap block that are read before anybody has written them since the block was
 * allocated. (Memory that does not come from a heap is zero at the start, and may be read.)
 */
import type { Access } from '../access.ts';
import type { Detector, Watch } from '../detector.ts';
import { atCycle, hex, involvedIn, named } from '../words.ts';
import { type Block, offsetIn } from './heap-blocks.ts';

export class UninitialisedDetector implements Detector {
  readonly wantsKernel = true;
  private readonly watch: Watch;
  /** Each block is reported once. */
  private readonly reported = new Set<Block>();

  constructor(watch: Watch) {
    this.watch = watch;
  }

  access(access: Access): void {
    const { who, address, bytes, reads, writes, isAllocators } = access;
    for (let at = address; at < address + bytes; ) {
      const block = this.watch.heap.at(who.space, at);
      if (block === undefined) {
        at = (at | 3) + 1;
        continue;
      }
      const end = Math.min(address + bytes, block.address + block.bytes);
      if (reads && !isAllocators && block.freed === undefined) this.look(block, access, at, end);
      if (writes) block.written.fill(1, at - block.address, end - block.address);
      at = end;
    }
  }

  private look(block: Block, access: Access, from: number, to: number): void {
    const missing = block.written.subarray(from - block.address, to - block.address).indexOf(0);
    if (missing < 0 || this.reported.has(block)) return;
    this.reported.add(block);
    const address = from + missing;
    const involved = involvedIn(access);
    const place = offsetIn(block, address);
    const { who, hart, cycle } = access;
    const { allocated } = block;
    this.watch.report({
      message: `uninitialised read: ${named(who, hart)} at ${atCycle(cycle)} ${involved.instruction.replace(' it', ` ${hex(address)}`)}, ${place}, which nobody has written since ${allocated.who.name} got it at ${atCycle(allocated.cycle)}`,
      cycle,
      address,
      place,
      involved: [involved],
    });
  }
}
